"""DingTalk: the Stream connection in (through dingtalk-stream, in its own process), OpenAPI and webhooks out."""
