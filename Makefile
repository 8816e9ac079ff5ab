# 进度助手 Jindu. `make run` starts it, `make test` tests it; the rest is for those who work on it.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo test check contract bench reliability lock migration readme clean

help:
	@echo '进度助手 Jindu'
	@echo '  make run     启动机器人和内置聊天室     start the bot with its built-in room'
	@echo '  make demo    装着两周历史的演示         a demo with two weeks of history'
	@echo '  make test    装好测试所需并全部跑一遍   install what the tests need and run them all'
	@echo '  make setup   只准备环境 .venv           only make the environment'
	@echo '  make check   格式、类型、分层和测试      format, lint, types, floors and tests'
	@echo '  make contract  平台适配的约定测试连跑四遍  the contract suite of all platforms, four times'
	@echo '  make bench   打印性能数字               print the figures of bench/'
	@echo '  make reliability  由 docs/figures 写 docs/reliability.md   write that page from the kept results'
	@echo '  make lock    按 pyproject.toml 重锁版本  lock exact versions anew'
	@echo '  make readme  更新文档里的命令表         write the command tables of the documents'
	@echo '  make migration  重新生成数据库迁移       write the migration for changed tables'

setup:
	@.ci/setup requirements.lock

setup-dev:
	@.ci/setup requirements.lock requirements-dev.lock

run: setup
	@./jindu run

demo: setup
	@./jindu demo

test: setup-dev
	@.ci/browser
	@.ci/postgres
	@./check

check: setup-dev
	@./check

contract: setup-dev
	@.ci/contract

bench: setup-dev
	@.venv/bin/python -m bench

reliability: setup-dev
	@.venv/bin/python -m bench.reliability

lock:
	@.ci/lock

migration: setup-dev
	@.venv/bin/python -m storage.migrations $(m)

readme: setup-dev
	@.venv/bin/python -m tests.documents

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
