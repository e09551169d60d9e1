module github.com/expressconnect/terraform-provider-expressconnect/internal/tools/mutation

go 1.26
