# Postroad: `make` lists what there is. On a fresh Debian with Swift, `make run` and `make test` each do all they need.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
CONFIG ?= routes.yaml
FUZZ_SECONDS ?= 60

export SWIFT

# SwiftPM warns of flags in the C libraries' pkg-config files that it leaves out on purpose; nothing can be done there.
quiet = 2> >(grep -v 'warning: prohibited flag(s)' >&2)

release = --configuration release --product postroad --static-swift-stdlib
binary = .build/release/postroad

.PHONY: help setup setup-test build run test lint format bench bench-peers soak instructions bench-words bench-transport bench-routing fuzz simulate sanitize torture docs install clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

setup: ## install the Debian packages that building needs, and check Swift
	@scripts/setup

setup-test: ## install what the tests need: mail servers, a browser, Python packages
	@scripts/setup-test

build: setup ## build the release binary, .build/release/postroad
	@$(SWIFT) build $(release) $(quiet)

run: build ## build, then run the router with routes.yaml (CONFIG=file for another)
	@exec $(binary) serve --config $(CONFIG)

test: setup setup-test ## build once, then run the unit tests, the simulator and the scenarios
	@scripts/test

lint: setup ## check format, imports, paths and generated pages
	@scripts/lint

format: ## put the Swift sources into the format that lint wants
	@$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Adapters Tests Fuzz Bench

bench: setup setup-test build ## measure: every row of the table of speed beside its peers, then rooms and messages by themselves
	@scripts/setup-bench
	@scripts/bench

bench-peers: ## measure RabbitMQ, Postfix, NATS and Apprise alone (about 20 minutes)
	@scripts/setup-bench
	@scripts/bench-peers

soak: setup build ## full rate for SOAK_MINUTES (20): memory, file, descriptors and threads must stay flat
	@scripts/bench soak

instructions: setup setup-test ## count the instructions of a message's steps, and compare with those kept
	@scripts/instructions check

bench-words: setup ## measure the stage that finds words, with 100,000 of them
	@scripts/bench words

bench-transport: setup setup-test ## measure the transport beside nginx, on one core each
	@scripts/bench transport

bench-routing: setup ## measure the routing table with up to a million subscriptions and 10,000 routes
	@Bench/routing.py

fuzz: setup ## run every fuzz target (FUZZ_SECONDS=60 each, FUZZ_TARGETS="Address YAML" for some)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz $(FUZZ_TARGETS)

simulate: setup ## run the simulator (SEEDS=10000 from FIRST=1 on, or SEED=123 for one with all that happens in it)
	@SEEDS="$(SEEDS)" FIRST="$(FIRST)" SEED="$(SEED)" EVENTS="$(EVENTS)" MUTATION="$(MUTATION)" BUILD="$(BUILD)" scripts/simulate

sanitize: setup ## run the transport's tests under the address and the thread sanitizer
	@scripts/sanitize

torture: setup setup-test build ## kill the release build under load for TORTURE_MINUTES (10), and count what is lost
	@scripts/torture

docs: build ## write docs/cli.md and docs/routes.md anew
	@scripts/docs

install: ## install the built binary (PREFIX=/usr/local, DESTDIR for packaging)
	@test -x $(binary) || { echo "install: run \"make build\" first" >&2; exit 1; }
	install -D -m 0755 $(binary) $(DESTDIR)$(PREFIX)/bin/postroad
	install -D -m 0644 routes.yaml $(DESTDIR)$(PREFIX)/share/postroad/routes.yaml
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|g' scripts/postroad.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/postroad.service
	chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/postroad.service
	install -m 0644 scripts/postroad.socket $(DESTDIR)$(PREFIX)/lib/systemd/system/postroad.socket
	install -d $(DESTDIR)$(PREFIX)/share/doc/postroad
	install -m 0644 LICENSE README.md CHANGELOG.md SECURITY.md $(DESTDIR)$(PREFIX)/share/doc/postroad
	cp -R docs $(DESTDIR)$(PREFIX)/share/doc/postroad/

clean: ## remove what was built
	rm -rf .build
