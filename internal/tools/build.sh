#!/usr/bin/env bash
# Builds one development tool from its pinned module into .tools/bin and prints
# the path of the binary. Usage: internal/tools/build.sh NAME, where NAME is a
# directory beside this file.
#
# A tool is built once: again only after its go.mod or go.sum, or the Go version,
# has changed. Progress goes to stderr, so that the path can be captured.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bindir=$(cd "$here/../.." && pwd)/.tools/bin
name=${1:-}

# Times are for a cold build on two cores, downloads included.
ldflags='-s -w'
case $name in
  opentofu)
    binary=tofu title=OpenTofu minutes="5 to 8 minutes"
    # As in OpenTofu's own releases; without it the version ends in -dev.
    ldflags+=' -X github.com/opentofu/opentofu/version.dev=no'
    ;;
  golangci-lint) binary=golangci-lint title=golangci-lint minutes="about 2 minutes" ;;
  goreleaser)    binary=goreleaser    title=GoReleaser    minutes="3 to 5 minutes" ;;
  tfplugindocs)  binary=tfplugindocs  title=tfplugindocs  minutes="less than a minute" ;;
  govulncheck)   binary=govulncheck   title=govulncheck   minutes="less than a minute" ;;
  gojq)          binary=gojq          title=gojq          minutes="less than a minute" ;;
  *) echo "usage: $0 opentofu|golangci-lint|goreleaser|tfplugindocs|govulncheck|gojq" >&2; exit 2 ;;
esac

say() { echo "tools: $*" >&2; }

# A tool is built for the machine at hand, whatever a caller cross-compiles.
unset GOOS GOARCH GOARM GO386 GOAMD64 GOEXPERIMENT
export GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0
cd "$here/$name"

target=$bindir/$binary
stamp=$bindir/.$binary.stamp
wanted="$(go env GOVERSION) $ldflags $(cat go.mod go.sum | cksum)"
fresh() { [ -x "$target" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; }

if fresh; then
  echo "$target"
  exit
fi

# One build of a tool at a time: mkdir is the lock, since flock is not everywhere.
# A lock whose holder is gone is taken over.
mkdir -p "$bindir"
lock=$bindir/.$binary.lock
waiting=
until mkdir "$lock" 2>/dev/null; do
  holder=$(cat "$lock/pid" 2>/dev/null || true)
  if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
    rm -rf "$lock"
    continue
  fi
  if [ -z "$waiting" ]; then
    waiting=yes
    say "waiting for another build of $title (process ${holder:-unknown}; if there is none, remove $lock)"
  fi
  sleep 1
done
echo $$ >"$lock/pid"
new=$bindir/.$binary.new.$$
trap 'rm -rf "$lock" "$new"' EXIT
trap 'exit 130' INT TERM HUP

if ! fresh; then
  version=$(awk '$1 == "tool" { tool = $2 "/" } index(tool, $1 "/") == 1 { print $2 }' go.mod)
  say "building $title ${version#v} once, $minutes ..."
  started=$SECONDS

  # Listing loads every package that the build needs, so what fails here is the download.
  if ! nice go list -deps tool >/dev/null; then
    say "the modules of $title could not be downloaded (GOPROXY=$(go env GOPROXY))."
    say "Connect to the network or set GOPROXY to a reachable module proxy, then run this again."
    exit 1
  fi
  nice go build -trimpath -ldflags "$ldflags" -o "$new" tool
  mv -f "$new" "$target"
  echo "$wanted" >"$stamp"
  say "built $target in $((SECONDS - started)) s"
fi
echo "$target"
