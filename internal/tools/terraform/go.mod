module github.com/expressconnect/terraform-provider-expressconnect/internal/tools/terraform

go 1.26.0

require (
	github.com/ProtonMail/go-crypto v1.4.1
	github.com/hashicorp/go-version v1.9.0
	github.com/hashicorp/hc-install v0.9.4
)

require (
	github.com/cloudflare/circl v1.6.3 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	golang.org/x/crypto v0.45.0 // indirect
	golang.org/x/mod v0.35.0 // indirect
	golang.org/x/sys v0.38.0 // indirect
)
