#!/bin/sh
# Exchanges an identity token for a session of a RAM role, and prints the variables of the
# session: session.sh ROLE_ARN OIDC_PROVIDER_ARN TOKEN_FILE
set -eu
tr -d '\n' < "$3" | curl --fail --silent --show-error https://sts.aliyuncs.com/ \
  --data-urlencode "Action=AssumeRoleWithOIDC" \
  --data-urlencode "Version=2015-04-01" \
  --data-urlencode "Format=JSON" \
  --data-urlencode "Timestamp=$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
  --data-urlencode "SignatureNonce=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" \
  --data-urlencode "RoleArn=$1" \
  --data-urlencode "OIDCProviderArn=$2" \
  --data-urlencode "RoleSessionName=ci" \
  --data-urlencode "OIDCToken@-" |
  jq --raw-output '.Credentials |
    "ALICLOUD_ACCESS_KEY=" + .AccessKeyId,
    "ALICLOUD_SECRET_KEY=" + .AccessKeySecret,
    "ALICLOUD_SECURITY_TOKEN=" + .SecurityToken'
