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
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A controlPlane calls the operations of SageMaker that this program needs. AWS's client of SageMaker would do, but it has
// 400 operations, whose tables each start of this binary would make in memory, the server's and its workers' too.
type controlPlane struct {
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

func (c *controlPlane) createFeatureGroup(ctx context.Context, g *groupShape) error {
	return c.call(ctx, "CreateFeatureGroup", g, &struct{}{})
}

func (c *controlPlane) describeFeatureGroup(ctx context.Context, name string) (*groupShape, error) {
	g := new(groupShape)
	return g, c.call(ctx, "DescribeFeatureGroup", struct{ FeatureGroupName string }{name}, g)
}

// listFeatureGroups returns the names of all groups, by name.
func (c *controlPlane) listFeatureGroups(ctx context.Context) ([]string, error) {
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

// call posts in, and reads the answer into out.
func (c *controlPlane) call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, aws.ToString(c.aws.BaseEndpoint)+"/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "SageMaker."+operation)
	keys, err := c.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(hash[:]), "sagemaker", c.aws.Region, time.Now()); err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	if resp.StatusCode == http.StatusOK {
		return json.Unmarshal(answer, out)
	}
	var e struct{ Message string }
	if json.Unmarshal(answer, &e) != nil || e.Message == "" {
		e.Message = resp.Status
	}
	return errors.New(operation + ": " + e.Message)
}
