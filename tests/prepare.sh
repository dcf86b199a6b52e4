#!/bin/sh
# What the tests need beside Python: a Chromium, and PostgreSQL's server programs. Installed from the system's packages
# where they are missing and can be; otherwise one clear sentence, and the tests that need them say that they skip.
set -u

has_chromium() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  [ -d "/Applications/Google Chrome.app" ]
}

has_postgresql() {
  command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

wanted=""
has_chromium || wanted="$wanted chromium"
has_postgresql || wanted="$wanted postgresql"
[ -z "$wanted" ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing for the tests:$wanted"
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted fonts-dejavu-core \
    >/dev/null || true
fi

has_chromium || echo "No Chromium found: install it (Debian and Ubuntu: sudo apt-get install chromium). The tests in a browser will skip."
has_postgresql || echo "No PostgreSQL server programs found: install them (Debian and Ubuntu: sudo apt-get install postgresql). The tests on PostgreSQL will skip."
exit 0
