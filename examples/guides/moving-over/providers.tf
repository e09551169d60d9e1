terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
    expressconnect = {
      source = "expressconnect/expressconnect"
    }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

provider "expressconnect" {
  region = "cn-hangzhou"
}
