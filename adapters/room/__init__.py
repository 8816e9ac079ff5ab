"""The built-in chat room: a web page that is a whole chat platform, for trying, for demonstrations and for tests."""

from adapters import authorities

authorities.later()
