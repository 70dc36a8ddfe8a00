package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/internal/app"
)

// fill makes the groups "lasting", of both stores, and "fleeting", of one, with ten records each.
func (s *served) fill(t *testing.T) {
	t.Helper()
	key, err := app.ReadRootKey(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	cfg := newOwnAPI(s.server, key).aws
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("lake")})
	check(err)
	for name, offline := range map[string]*types.OfflineStoreConfig{
		"lasting": {S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://lake/fs")}}, "fleeting": nil,
	} {
		_, err := sagemaker.NewFromConfig(cfg).CreateFeatureGroup(t.Context(), &sagemaker.CreateFeatureGroupInput{
			FeatureGroupName: &name, RecordIdentifierFeatureName: aws.String("id"), EventTimeFeatureName: aws.String("at"),
			FeatureDefinitions: []types.FeatureDefinition{
				{FeatureName: aws.String("id"), FeatureType: types.FeatureTypeString}, {FeatureName: aws.String("at"), FeatureType: types.FeatureTypeFractional}},
			OnlineStoreConfig: &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)}, OfflineStoreConfig: offline,
			RoleArn: aws.String("arn:aws:iam::" + s.server.Account + ":role/larder"),
		})
		check(err)
		for i := range 10 {
			_, err := runtime.NewFromConfig(cfg).PutRecord(t.Context(), &runtime.PutRecordInput{FeatureGroupName: &name, Record: []runtimetypes.FeatureValue{
				{FeatureName: aws.String("id"), ValueAsString: aws.String(string(rune('a' + i)))}, {FeatureName: aws.String("at"), ValueAsString: aws.String("1700000000")}}})
			check(err)
		}
	}
}

func TestVerifyComparesEveryGroup(t *testing.T) {
	s := serve(t, t.TempDir(), "--flush-age", "50ms")
	s.fill(t)
	out, errOut, code := result(t, larder(t, nil, "verify", "--data", s.dir))
	want := "fleeting: not compared, it has no offline store\nlasting: no differences\n  held online   10 records, 0 tombstones\n"
	if code != 0 || errOut != "" || !strings.HasPrefix(out, want) {
		t.Errorf("status %d, %q, err %q; want %q", code, out, errOut, want)
	}
	out, errOut, code = result(t, larder(t, nil, "verify", "--data", s.dir, "--group", "nobody"))
	if code != 1 || out != "" || !strings.Contains(errOut, "nobody") {
		t.Errorf("a group that is not there: status %d, %q, err %q", code, out, errOut)
	}
}

func TestVerifyEndsWithStatus1IfAFileIsDamaged(t *testing.T) {
	s := serve(t, t.TempDir(), "--flush-age", "50ms")
	s.fill(t)
	s.awaitFlush(t, "lasting")
	if err := os.Truncate(dataFile(t, s.dir), 8); err != nil {
		t.Fatal(err)
	}
	out, errOut, code := result(t, larder(t, nil, "verify", "--data", s.dir, "--group", "lasting"))
	if code != 1 || errOut != "" || !strings.Contains(out, "lasting: 1 DIFFERENCES") || !strings.Contains(out, "Unreadable") || !strings.Contains(out, "s3://lake/fs/") {
		t.Errorf("status %d, %q, err %q", code, out, errOut)
	}
}

// awaitFlush waits until the rows of a group are in files.
func (s *served) awaitFlush(t *testing.T, group string) {
	t.Helper()
	key, err := app.ReadRootKey(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var r verifyReport
		if err := newOwnAPI(s.server, key).call(t.Context(), "/larder/FeatureGroup/"+group+"/Verify", struct{}{}, &r); err != nil {
			t.Fatal(err)
		}
		if r.Table.Unflushed == 0 && r.Table.FileRows > 0 {
			return
		}
	}
	t.Fatal("no flush in a minute")
}

// dataFile returns the path of a Parquet file.
func dataFile(t *testing.T, dir string) string {
	t.Helper()
	found := ""
	err := filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if bytes.HasPrefix(body, []byte("PAR1")) {
			found = path
		}
		return err
	})
	if err != nil || found == "" {
		t.Fatalf("no Parquet file: %v", err)
	}
	return found
}
