"""Feishu (and Lark): events over the long connection or HTTP callbacks, cards in JSON 2.0."""
