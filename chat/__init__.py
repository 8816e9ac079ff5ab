"""The neutral vocabulary of a group chat: people, messages, cards, texts and the ports adapters implement."""
