package emulator

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	productSTS = "Sts"
	versionSTS = "2015-04-01"

	paramRoleArn     = "RoleArn"
	paramSessionName = "RoleSessionName"
	paramDuration    = "DurationSeconds"
	paramOIDCToken   = "OIDCToken"
	paramOIDCArn     = "OIDCProviderArn"

	minSession     = 900
	maxSession     = 43200
	defaultSession = 3600
)

// Role is a RAM role that the Security Token Service issues sessions of.
type Role struct {
	// ARN is, for example, "acs:ram::1234567890123456:role/network".
	ARN string
	// ExternalID must be named by AssumeRole; empty admits any.
	ExternalID string
	// OIDCProviderARN and OIDCToken must be named by AssumeRoleWithOIDC; without
	// them the role trusts no OIDC provider.
	OIDCProviderARN string
	OIDCToken       string
	// Denied is what Credential.Denied is for the role's sessions.
	Denied []string
}

var (
	roleARN     = regexp.MustCompile(`^acs:ram::[0-9]+:role/[A-Za-z0-9._/-]+$`)
	sessionName = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// assumeRole carries out AssumeRole.
func (e *Emulator) assumeRole(q *request) (object, *apiError) {
	role, known := e.role(q.params[paramRoleArn])
	switch {
	case !known:
		return nil, fail("EntityNotExist.Role")
	case role.ExternalID != "" && !equal(q.params["ExternalId"], role.ExternalID):
		return nil, fail("NoPermission").saying("You are not authorized to do this action. You should be authorized by RAM.")
	}
	return e.issueSession(q, role)
}

// assumeRoleWithOIDC carries out AssumeRoleWithOIDC.
func (e *Emulator) assumeRoleWithOIDC(q *request) (object, *apiError) {
	role, known := e.role(q.params[paramRoleArn])
	switch {
	case !known:
		return nil, fail("EntityNotExist.Role")
	case role.OIDCToken == "" || role.OIDCProviderARN != q.params[paramOIDCArn]:
		return nil, fail("EntityNotExist.OIDCProvider")
	case !equal(q.params[paramOIDCToken], role.OIDCToken):
		return nil, fail("AuthenticationFail.OIDCToken.Invalid")
	}
	return e.issueSession(q, role)
}

// role returns a role; without a list of roles every one with the form of an ARN.
func (e *Emulator) role(arn string) (Role, bool) {
	if e.roles == nil {
		return Role{ARN: arn}, roleARN.MatchString(arn)
	}
	i := slices.IndexFunc(e.roles, func(role Role) bool { return role.ARN == arn })
	if i < 0 {
		return Role{}, false
	}
	return e.roles[i], true
}

func (e *Emulator) issueSession(q *request, role Role) (object, *apiError) {
	name := q.params[paramSessionName]
	if !sessionName.MatchString(name) {
		return nil, fail("InvalidParameter.RoleSessionName")
	}
	seconds, err := strconv.Atoi(cmp.Or(q.params[paramDuration], strconv.Itoa(defaultSession)))
	if err != nil || seconds < minSession || seconds > maxSession {
		return nil, fail("InvalidParameter.DurationSeconds")
	}
	// By the clock of requests, on which sessions are checked.
	expires := e.clock().Add(time.Duration(seconds) * time.Second).UTC().Truncate(time.Second)
	credential := Credential{
		AccessKeyID:     "STS.N" + rand.Text(),
		AccessKeySecret: rand.Text(),
		SecurityToken:   "CAIS" + rand.Text() + "+/" + rand.Text() + "==",
		Denied:          role.Denied,
		expires:         expires,
	}
	e.credentials[credential.AccessKeyID] = credential
	account, roleName, _ := strings.Cut(strings.TrimPrefix(role.ARN, "acs:ram::"), ":role/")
	return object{
		{"RequestId", q.id},
		{"AssumedRoleUser", object{
			{"AssumedRoleId", fmt.Sprintf("39%s:%s", account, name)},
			{"Arn", fmt.Sprintf("acs:ram::%s:role/%s/%s", account, roleName, name)},
		}},
		{"Credentials", object{
			{"AccessKeyId", credential.AccessKeyID},
			{"AccessKeySecret", credential.AccessKeySecret},
			{"SecurityToken", credential.SecurityToken},
			{"Expiration", expires.Format(timestampLayout)},
		}},
	}, nil
}

// EndSessions makes every session that was issued so far invalid, as when its role
// was deleted.
func (e *Emulator) EndSessions() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, credential := range e.credentials {
		if !credential.expires.IsZero() {
			delete(e.credentials, id)
		}
	}
}
