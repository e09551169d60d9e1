package apitest

import (
	"encoding/json"
	"encoding/xml"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// UUID matches a request ID.
var UUID = regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)

// FilledCircuit returns a circuit with a different value in every field.
func FilledCircuit(t *testing.T) emulator.Circuit {
	t.Helper()
	var c emulator.Circuit
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		switch field := fields.Field(i); field.Interface().(type) {
		case string:
			field.SetString("value-of-" + fields.Type().Field(i).Name)
		case int64:
			field.SetInt(int64(900000 + i))
		case bool:
			field.SetBool(true)
		case time.Time:
			field.Set(reflect.ValueOf(Start.AddDate(i, 0, 0)))
		case []emulator.MacsecKey:
			c.MacsecKeys = []emulator.MacsecKey{{CAK: "cak", CipherSuite: "suite", CKN: "ckn", StartOn: "soon", Status: "key-status"}}
		case emulator.Renewal:
			c.Renewal = emulator.Renewal{Status: emulator.AutoRenewal, Period: 3, Unit: "Y", Unlisted: true}
		case map[string]string:
			c.Tags = map[string]string{"tag-key": "tag-value"}
		default:
			t.Fatalf("field %s has a type that this test does not know", fields.Type().Field(i).Name)
		}
	}
	return c
}

// JSON returns a value as text, so that tests can compare values with maps and times.
func JSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// UnmarshalXML decodes an answer in XML.
func UnmarshalXML(t *testing.T, got Reply, value any) {
	t.Helper()
	if contentType := got.Header.Get("Content-Type"); contentType != "text/xml;charset=utf-8" {
		t.Errorf("content type %q", contentType)
	}
	if err := xml.Unmarshal([]byte(got.Body), value); err != nil {
		t.Fatalf("decode %s: %v", got.Body, err)
	}
}

// NetworkRole is a role that can be assumed.
const NetworkRole = "acs:ram::1234567890123456:role/network"

// Session is an answer of the Security Token Service.
type Session struct {
	AssumedRoleUser struct{ Arn string }
	Credentials     struct{ AccessKeyId, AccessKeySecret, SecurityToken, Expiration string } //nolint:revive // As the API spells it.
}

// Credential returns the access key of the session.
func (i Session) Credential() emulator.Credential {
	return emulator.Credential{AccessKeyID: i.Credentials.AccessKeyId, AccessKeySecret: i.Credentials.AccessKeySecret, SecurityToken: i.Credentials.SecurityToken}
}

// AssumeRole are the usual parameters of AssumeRole.
var AssumeRole = Params{"Version": "2015-04-01", "RegionId": "", "RoleArn": NetworkRole, "RoleSessionName": "test"}
