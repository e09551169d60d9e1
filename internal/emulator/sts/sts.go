// Package sts serves the emulated operations of the Security Token Service: the sessions of
// RAM roles.
package sts

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

const (
	paramRoleARN     = "RoleArn"
	paramSessionName = "RoleSessionName"
	paramOIDCARN     = "OIDCProviderArn"

	minSession     = 900 // seconds
	maxSession     = 43200
	defaultSession = "3600"
)

// Role is a RAM role that can be assumed.
type Role struct {
	// ARN is, for example, "acs:ram::1234567890123456:role/network".
	ARN string
	// ExternalID is the external ID that AssumeRole needs; empty means any.
	ExternalID string
	// OIDCProviderARN and OIDCToken are what AssumeRoleWithOIDC needs. Without them, the role
	// trusts no OIDC provider.
	OIDCProviderARN string
	OIDCToken       string
	// Denied lists the actions that sessions of the role may not use.
	Denied []string
}

// service issues sessions of roles.
type service struct {
	issuer *gateway.Gateway
	roles  []Role
}

// Operations returns the operations of the Security Token Service. If roles is nil, every
// role can be assumed with an access key.
func Operations(issuer *gateway.Gateway, roles []Role) []gateway.Operation {
	const version = "2015-04-01"
	s := service{issuer, roles}
	return []gateway.Operation{
		{
			Action: "AssumeRole", Product: gateway.ProductSTS, Version: version, Permission: "sts:AssumeRole",
			Required: []string{paramRoleARN, paramSessionName}, Run: s.assumeRole,
		},
		{
			Action: "AssumeRoleWithOIDC", Product: gateway.ProductSTS, Version: version, Unsigned: true,
			Required: []string{paramRoleARN, paramSessionName, paramOIDCARN, gateway.ParamOIDCToken}, Run: s.assumeRoleWithOIDC,
		},
	}
}

var (
	roleARN     = regexp.MustCompile(`^acs:ram::[0-9]+:role/[A-Za-z0-9._/-]+$`)
	sessionName = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// assumeRole serves AssumeRole.
func (s service) assumeRole(q *gateway.Request) (gateway.Object, error) {
	role, known := s.role(q.Params[paramRoleARN])
	switch {
	case !known:
		return nil, gateway.NewError("EntityNotExist.Role")
	case role.ExternalID != "" && !gateway.Equal(q.Params["ExternalId"], role.ExternalID):
		return nil, gateway.Errorf("NoPermission", "You are not authorized to do this action. You should be authorized by RAM.")
	}
	return s.issueSession(q, role)
}

// assumeRoleWithOIDC serves AssumeRoleWithOIDC.
func (s service) assumeRoleWithOIDC(q *gateway.Request) (gateway.Object, error) {
	role, known := s.role(q.Params[paramRoleARN])
	switch {
	case !known:
		return nil, gateway.NewError("EntityNotExist.Role")
	case role.OIDCToken == "" || role.OIDCProviderARN != q.Params[paramOIDCARN]:
		return nil, gateway.NewError("EntityNotExist.OIDCProvider")
	case !gateway.Equal(q.Params[gateway.ParamOIDCToken], role.OIDCToken):
		return nil, gateway.NewError("AuthenticationFail.OIDCToken.Invalid")
	}
	return s.issueSession(q, role)
}

// role returns a role. Without a list of roles, every valid ARN is a role.
func (s service) role(arn string) (Role, bool) {
	if s.roles == nil {
		return Role{ARN: arn}, roleARN.MatchString(arn)
	}
	i := slices.IndexFunc(s.roles, func(role Role) bool { return role.ARN == arn })
	if i < 0 {
		return Role{}, false
	}
	return s.roles[i], true
}

func (s service) issueSession(q *gateway.Request, role Role) (gateway.Object, error) {
	name := q.Params[paramSessionName]
	if !sessionName.MatchString(name) {
		return nil, gateway.NewError("InvalidParameter.RoleSessionName")
	}
	seconds, err := strconv.Atoi(cmp.Or(q.Params["DurationSeconds"], defaultSession))
	if err != nil || seconds < minSession || seconds > maxSession {
		return nil, gateway.NewError("InvalidParameter.DurationSeconds")
	}
	session, expires := s.issuer.IssueSession(time.Duration(seconds)*time.Second, role.Denied)
	account, roleName, _ := strings.Cut(strings.TrimPrefix(role.ARN, "acs:ram::"), ":role/")
	return gateway.Object{
		{"RequestId", q.ID},
		{"AssumedRoleUser", gateway.Object{
			{"AssumedRoleId", fmt.Sprintf("39%s:%s", account, name)},
			{"Arn", fmt.Sprintf("acs:ram::%s:role/%s/%s", account, roleName, name)},
		}},
		{"Credentials", gateway.Object{
			{"AccessKeyId", session.AccessKeyID},
			{"AccessKeySecret", session.AccessKeySecret},
			{"SecurityToken", session.SecurityToken},
			{"Expiration", gateway.FormatTime(expires)},
		}},
	}, nil
}
