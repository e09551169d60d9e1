package alibaba

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// The metadata service of an ECS instance. It is reached over the link alone, in
// plain HTTP, and never through a proxy.
//
// Source: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
const (
	metadataHost        = "http://100.100.100.200"
	metadataTokenPath   = "/latest/api/token" //nolint:gosec // A path.
	metadataRolePath    = "/latest/meta-data/ram/security-credentials/"
	metadataTokenLife   = "X-aliyun-ecs-metadata-token-ttl-seconds" //nolint:gosec // The name of a header.
	metadataTokenHeader = "X-aliyun-ecs-metadata-token"             //nolint:gosec // The name of a header.
)

// ECSRole returns the credentials of the RAM role of the ECS instance on which this
// process runs; an empty name stands for the one that the instance has.
func (i Issuers) ECSRole(name string) (CredentialsSource, error) {
	const disabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	if strings.EqualFold(os.Getenv(disabled), "true") {
		return nil, errors.New("the metadata service is switched off by the environment variable " + disabled)
	}
	service := metadataService{transport: i.Transport, tokensOnly: strings.EqualFold(os.Getenv("ALIBABA_CLOUD_IMDSV1_DISABLED"), "true")}
	if service.transport == nil {
		service.transport = metadataTransport()
	}
	return renewed(func(ctx context.Context) (session, error) { return service.session(ctx, name) }), nil
}

type metadataService struct {
	transport http.RoundTripper
	// tokensOnly refuses the older mode, in which questions carry no token.
	tokensOnly bool
}

func (m metadataService) session(ctx context.Context, role string) (session, error) {
	header, err := m.token(ctx)
	if err != nil {
		return session{}, err
	}
	if role == "" {
		body, err := m.get(ctx, "the metadata service names no RAM role of this instance", metadataRolePath, header)
		if err != nil {
			return session{}, err
		}
		first, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
		role = string(bytes.TrimSpace(first))
	}
	what := "the metadata service issues no credentials of the RAM role " + role
	body, err := m.get(ctx, what, metadataRolePath+url.PathEscape(role), header)
	if err != nil {
		return session{}, err
	}
	var answer struct {
		issuedKeys
		Code text
	}
	if json.Unmarshal(body, &answer) != nil {
		return session{}, &CredentialsError{Message: what + ": the answer is not the JSON of credentials", Passing: true}
	}
	issued, ok := answer.session()
	if !ok || issued.SecurityToken == "" || answer.Code != "" && answer.Code != "Success" {
		return session{}, &CredentialsError{Message: what + ": the answer holds none", Passing: true}
	}
	issued.ProviderName = "ecs_ram_role"
	return issued, nil
}

// token returns the header of the questions that follow: with a token, or without
// where the service knows none.
func (m metadataService) token(ctx context.Context) (http.Header, error) {
	body, err := question{
		transport: m.transport, method: http.MethodPut, address: metadataHost + metadataTokenPath,
		header: http.Header{http.CanonicalHeaderKey(metadataTokenLife): {"21600"}},
		what:   "the metadata service issues no token",
	}.ask(ctx)
	token := string(bytes.TrimSpace(body))
	switch {
	case err == nil && token != "":
		return http.Header{http.CanonicalHeaderKey(metadataTokenHeader): {token}}, nil
	case err == nil, refusedByStatus(err) && !m.tokensOnly:
		return nil, nil
	default:
		return nil, err
	}
}

func (m metadataService) get(ctx context.Context, what, path string, header http.Header) ([]byte, error) {
	return question{transport: m.transport, method: http.MethodGet, address: metadataHost + path, header: header, what: what}.ask(ctx)
}
