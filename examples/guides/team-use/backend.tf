terraform {
  backend "oss" {
    bucket              = "network-team-state"
    prefix              = "express-connect"
    key                 = "orders.tfstate"
    region              = "cn-hangzhou"
    encrypt             = true
    tablestore_endpoint = "https://locks.cn-hangzhou.ots.aliyuncs.com"
    tablestore_table    = "state_locks"
  }
}
