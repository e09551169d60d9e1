terraform {
  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = "~> 1.230, >= 1.230.1"
    }
    expressconnect = {
      source  = "expressconnect/expressconnect"
      version = "~> 0.1"
    }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

provider "expressconnect" {
  region = "cn-hangzhou"
}
