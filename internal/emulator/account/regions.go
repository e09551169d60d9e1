package account

import "slices"

// Region is a region and its names.
type Region struct{ ID, Chinese, English string }

// Regions returns the regions of the API.
func Regions() []Region { return regions }

// KnowsRegion reports whether a region exists: in the API, or because a circuit was added to it.
func (a *Account) KnowsRegion(id string) bool {
	defer a.read()()
	return a.knowsRegion(id)
}

func (a *Account) knowsRegion(id string) bool {
	return slices.ContainsFunc(regions, func(r Region) bool { return r.ID == id }) ||
		slices.ContainsFunc(a.circuits, func(record *circuitRecord) bool { return record.Region == id })
}

var regions = []Region{
	{"cn-qingdao", "华北1（青岛）", "China (Qingdao)"},
	{"cn-beijing", "华北2（北京）", "China (Beijing)"},
	{"cn-zhangjiakou", "华北3（张家口）", "China (Zhangjiakou)"},
	{"cn-huhehaote", "华北5（呼和浩特）", "China (Hohhot)"},
	{"cn-wulanchabu", "华北6（乌兰察布）", "China (Ulanqab)"},
	{"cn-hangzhou", "华东1（杭州）", "China (Hangzhou)"},
	{"cn-shanghai", "华东2（上海）", "China (Shanghai)"},
	{"cn-nanjing", "华东5（南京-本地地域）", "China (Nanjing - Local Region)"},
	{"cn-fuzhou", "华东6（福州-本地地域）", "China (Fuzhou - Local Region)"},
	{"cn-wuhan-lr", "华中1（武汉-本地地域）", "China (Wuhan - Local Region)"},
	{"cn-shenzhen", "华南1（深圳）", "China (Shenzhen)"},
	{"cn-heyuan", "华南2（河源）", "China (Heyuan)"},
	{"cn-guangzhou", "华南3（广州）", "China (Guangzhou)"},
	{"cn-chengdu", "西南1（成都）", "China (Chengdu)"},
	{"cn-hongkong", "中国香港", "China (Hong Kong)"},
	{"ap-northeast-1", "日本（东京）", "Japan (Tokyo)"},
	{"ap-northeast-2", "韩国（首尔）", "South Korea (Seoul)"},
	{"ap-southeast-1", "新加坡", "Singapore"},
	{"ap-southeast-3", "马来西亚（吉隆坡）", "Malaysia (Kuala Lumpur)"},
	{"ap-southeast-5", "印度尼西亚（雅加达）", "Indonesia (Jakarta)"},
	{"ap-southeast-6", "菲律宾（马尼拉）", "Philippines (Manila)"},
	{"ap-southeast-7", "泰国（曼谷）", "Thailand (Bangkok)"},
	{"us-east-1", "美国（弗吉尼亚）", "US (Virginia)"},
	{"us-west-1", "美国（硅谷）", "US (Silicon Valley)"},
	{"eu-central-1", "德国（法兰克福）", "Germany (Frankfurt)"},
	{"eu-west-1", "英国（伦敦）", "UK (London)"},
	{"me-east-1", "阿联酋（迪拜）", "UAE (Dubai)"},
	{"me-central-1", "沙特（利雅得）", "SAU (Riyadh - Partner Region)"},
	{"cn-shanghai-finance-1", "华东2 金融云", "China (Shanghai) Finance"},
	{"cn-shenzhen-finance-1", "华南1 金融云", "China (Shenzhen) Finance"},
}
