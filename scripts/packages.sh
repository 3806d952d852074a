# Functions for the set-up scripts: installs Debian packages that are missing, and nothing when none is.
# Not run by itself: `source scripts/packages.sh`.

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: \"$*\" needs root; run it as root, or install sudo" >&2
        return 1
    fi
}

# Prints those of the given packages that are not installed, one per line.
missing_packages() {
    local installed
    installed=" $(dpkg-query --show --showformat '${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
    local package
    for package in "$@"; do
        case "$installed" in
            *" installed:$package "*) ;;
            *) echo "$package" ;;
        esac
    done
}

# Keeps the packages' services from being started or configured: the tests run their own, in folders of their own.
# Only what this call made is removed by let_services_start.
hold_services() {
    echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections
    [ -e /usr/sbin/policy-rc.d ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod 0755 /usr/sbin/policy-rc.d
    trap let_services_start EXIT
}

let_services_start() {
    as_root rm -f /usr/sbin/policy-rc.d
}

# Installs the given packages unless they are there.
install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "setup: this is no Debian; install what docs/dependencies.md lists by hand" >&2
        return 1
    fi
    local missing
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return
    echo "setup: installing" $missing
    as_root apt-get update -qq
    hold_services
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
