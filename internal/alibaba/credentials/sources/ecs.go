package sources

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// The metadata service of an ECS instance. It has a link-local address, uses plain HTTP,
// and is never called through a proxy.
//
// Source: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
const (
	metadataHost        = "http://100.100.100.200"
	metadataTokenPath   = "/latest/api/token" //nolint:gosec // A path.
	metadataRolePath    = "/latest/meta-data/ram/security-credentials/"
	metadataTokenLife   = "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds" //nolint:gosec // The name of a header.
	metadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"             //nolint:gosec // The name of a header.
)

var roleName = lazyregexp.New(`^[A-Za-z0-9_.-]{1,64}$`)

// ECSRole returns the source of the RAM role of the ECS instance on which this process
// runs. An empty name means the role that the instance has.
func (f Factory) ECSRole(name string) (credentials.Source, error) {
	if err := checkEnabled("the metadata service", "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"); err != nil {
		return nil, err
	}
	service := metadataService{cmp.Or(f.Transport, rpc.DirectTransport()), strings.EqualFold(os.Getenv("ALIBABA_CLOUD_IMDSV1_DISABLED"), "true")}
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) { return service.credentials(ctx, name) }), nil
}

type metadataService struct {
	transport http.RoundTripper
	// tokensOnly refuses the older mode, whose requests have no token.
	tokensOnly bool
}

func (m metadataService) credentials(ctx context.Context, role string) (credentials.Value, error) {
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
		if role = string(bytes.TrimSpace(first)); !roleName().MatchString(role) || !rpc.IsHarmless(role, header[metadataTokenHeader]...) {
			return credentials.Value{}, &credentials.Error{Message: none, Temporary: true}
		}
	}
	subject := "the metadata service issues no credentials of the RAM role " + role
	return m.request(subject, metadataRolePath+url.PathEscape(role), header).credentials(ctx, "ecs_ram_role")
}

// token returns the header of the requests: with a token, or nil if the service has no
// tokens.
func (m metadataService) token(ctx context.Context) (http.Header, error) {
	request := m.request("the metadata service issues no token", metadataTokenPath, http.Header{metadataTokenLife: {"21600"}})
	request.method = http.MethodPut
	body, err := request.send(ctx)
	token := string(bytes.TrimSpace(body))
	switch {
	case token != "":
		return http.Header{metadataTokenHeader: {token}}, nil
	case err == nil, isRefusal(err) && !m.tokensOnly:
		return nil, nil
	default:
		return nil, err
	}
}

func (m metadataService) request(subject, path string, header http.Header) plainRequest {
	return plainRequest{transport: m.transport, address: metadataHost + path, header: header, subject: subject}
}
