package apierror_test

import (
	"errors"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func whole() *apierror.Error {
	return &apierror.Error{
		Action: "CreatePhysicalConnectionOccupancyOrder", Host: "vpc.aliyuncs.com", Delivery: apierror.Answered,
		Code: "Brand.NewCode", Message: "The message of the API.", HTTPStatus: 409, RequestID: "REQ-1",
		Recommend: "https://api.aliyun.com/troubleshoot?q=Brand.NewCode", Cause: errors.New("canary"),
	}
}

func TestError_Text_IsOneLine(t *testing.T) {
	t.Parallel()
	const want = "CreatePhysicalConnectionOccupancyOrder at vpc.aliyuncs.com: HTTP 409: Brand.NewCode: The message of the API. (request ID REQ-1)"
	if got := whole().Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	bare := &apierror.Error{Action: "DescribePhysicalConnections", Host: "vpc.aliyuncs.com"}
	if got, want := bare.Error(), "DescribePhysicalConnections at vpc.aliyuncs.com"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
