package sources

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// The metadata service of an ECS instance. It is reached over the link alone, in
// plain HTTP, and never through a proxy.
//
// Source: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
const (
	metadataHost        = "http://100.100.100.200"
	metadataTokenPath   = "/latest/api/token" //nolint:gosec // A path.
	metadataRolePath    = "/latest/meta-data/ram/security-credentials/"
	metadataTokenLife   = "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds" //nolint:gosec // The name of a header.
	metadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"             //nolint:gosec // The name of a header.
)

var roleName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// ECSRole returns the credentials of the RAM role of the ECS instance on which this
// process runs; an empty name stands for the one that the instance has.
func (i Factory) ECSRole(name string) (credentials.Source, error) {
	const disabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	if strings.EqualFold(os.Getenv(disabled), "true") {
		return nil, errors.New("the metadata service is switched off by the environment variable " + disabled)
	}
	service := metadataService{transport: cmp.Or(i.Transport, rpc.DirectTransport()), tokensOnly: strings.EqualFold(os.Getenv("ALIBABA_CLOUD_IMDSV1_DISABLED"), "true")}
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) { return service.session(ctx, name) }), nil
}

type metadataService struct {
	transport http.RoundTripper
	// tokensOnly refuses the older mode, in which questions carry no token.
	tokensOnly bool
}

func (m metadataService) session(ctx context.Context, role string) (credentials.Value, error) {
	header, err := m.token(ctx)
	if err != nil {
		return credentials.Value{}, err
	}
	if role == "" {
		const none = "the metadata service names no RAM role of this instance"
		body, err := m.request(none, metadataRolePath, header).send(ctx)
		if err != nil {
			return credentials.Value{}, err
		}
		first, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte("\n"))
		if role = string(bytes.TrimSpace(first)); !roleName.MatchString(role) || !rpc.IsHarmless(role, header[metadataTokenHeader]) {
			return credentials.Value{}, &credentials.Error{Message: none, Temporary: true}
		}
	}
	what := "the metadata service issues no credentials of the RAM role " + role
	return m.request(what, metadataRolePath+url.PathEscape(role), header).credentials(ctx, "ecs_ram_role")
}

// token returns the header of the questions that follow: with a token, or without
// where the service knows none.
func (m metadataService) token(ctx context.Context) (http.Header, error) {
	body, err := plainRequest{
		transport: m.transport, method: http.MethodPut, address: metadataHost + metadataTokenPath,
		header:  http.Header{metadataTokenLife: {"21600"}},
		subject: "the metadata service issues no token",
	}.send(ctx)
	token := string(bytes.TrimSpace(body))
	switch {
	case err == nil && token != "":
		return http.Header{metadataTokenHeader: {token}}, nil
	case err == nil, refusedByStatus(err) && !m.tokensOnly:
		return nil, nil
	default:
		return nil, err
	}
}

func (m metadataService) request(what, path string, header http.Header) plainRequest {
	return plainRequest{transport: m.transport, method: http.MethodGet, address: metadataHost + path, header: header, subject: what}
}
