#!/bin/sh
# Writes the workload identity token of the run to a file that only this user can read.
set -eu
umask 077
printf '%s' "$TFC_WORKLOAD_IDENTITY_TOKEN" > "$HOME/expressconnect-oidc-token"
