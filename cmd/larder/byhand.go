package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A byHand calls the operations of SageMaker and S3 that this program needs. AWS's clients of them would do, but they have
// 500 operations: 17 MB of the binary, and tables that each start would make in memory, the server's and its workers' too.
type byHand struct {
	aws  aws.Config
	http *http.Client
}

// A groupShape is what this program says and reads of a feature group, by AWS's names.
type groupShape struct {
	FeatureGroupName            string
	Description                 string `json:",omitempty"`
	RecordIdentifierFeatureName string
	EventTimeFeatureName        string
	FeatureDefinitions          []definitionShape
	RoleArn                     string
	OnlineStoreConfig           struct{ EnableOnlineStore bool }
	OfflineStoreConfig          struct {
		S3StorageConfig struct {
			S3Uri               string
			ResolvedOutputS3Uri string `json:",omitempty"`
		}
		DataCatalogConfig *struct{ TableName string } `json:",omitempty"`
	}
	FeatureGroupStatus string `json:",omitempty"`
	FailureReason      string `json:",omitempty"`
}

type definitionShape struct{ FeatureName, FeatureType string }

func (c *byHand) createFeatureGroup(ctx context.Context, g *groupShape) error {
	return c.call(ctx, "CreateFeatureGroup", g, &struct{}{})
}

func (c *byHand) describeFeatureGroup(ctx context.Context, name string) (*groupShape, error) {
	g := new(groupShape)
	return g, c.call(ctx, "DescribeFeatureGroup", struct{ FeatureGroupName string }{name}, g)
}

// listFeatureGroups returns the names of all groups, by name.
func (c *byHand) listFeatureGroups(ctx context.Context) ([]string, error) {
	type page struct {
		FeatureGroupSummaries []struct{ FeatureGroupName string }
		NextToken             string
	}
	var names []string
	in := struct {
		SortBy, SortOrder string
		NextToken         string `json:",omitempty"`
	}{SortBy: "Name", SortOrder: "Ascending"}
	for {
		var out page
		if err := c.call(ctx, "ListFeatureGroups", in, &out); err != nil {
			return nil, err
		}
		for _, g := range out.FeatureGroupSummaries {
			names = append(names, g.FeatureGroupName)
		}
		if in.NextToken = out.NextToken; in.NextToken == "" {
			return names, nil
		}
	}
}

// createBucket creates a bucket, which must not be there.
func (c *byHand) createBucket(ctx context.Context, bucket string) error {
	_, err := c.send(ctx, "s3", http.MethodPut, "/"+bucket, nil, nil)
	return err
}

// putObject writes an object, whose key has only letters, digits, dots and slashes.
func (c *byHand) putObject(ctx context.Context, bucket, key string, body []byte) error {
	_, err := c.send(ctx, "s3", http.MethodPut, "/"+bucket+"/"+key, nil, body)
	return err
}

// call posts in to SageMaker, and reads the answer into out.
func (c *byHand) call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	headers := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"SageMaker." + operation}}
	answer, err := c.send(ctx, "sagemaker", http.MethodPost, "/", headers, body)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	return json.Unmarshal(answer, out)
}

// send signs and sends a request, and returns the body of the answer.
func (c *byHand) send(ctx context.Context, service, method, path string, headers http.Header, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, aws.ToString(c.aws.BaseEndpoint)+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	maps.Copy(req.Header, headers)
	req.Header.Set("X-Amz-Content-Sha256", hash)
	keys, err := c.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hash, service, c.aws.Region, time.Now()); err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		return answer, nil
	}
	// JSON has the message in a member; what S3 says is short enough as it is.
	var e struct{ Message string }
	if json.Unmarshal(answer, &e) != nil || e.Message == "" {
		e.Message = resp.Status + " " + string(answer)
	}
	return nil, errors.New(e.Message)
}
