package emulator

// availableInstances carries out QueryAvailableInstances: the account has no
// instances of other products. The alicloud provider asks for some, to learn
// from the answer at which site the account is.
func (e *Emulator) availableInstances(q *request) (object, *apiError) {
	page, failure := q.number("PageNum", 1, 1<<31-1)
	if failure != nil {
		return nil, invalidParameter("PageNum")
	}
	size, failure := q.number("PageSize", ordersPageSize, maxOrdersPageSize)
	if failure != nil {
		return nil, invalidParameter("PageSize")
	}
	return object{
		{"TotalCount", int64(0)},
		{"PageNum", int64(page)},
		{"PageSize", int64(size)},
		{"InstanceList", list{}},
	}, nil
}
