package wiretest

import (
	"context"
	"encoding/csv"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Clients are the AWS clients of a Go program, pointed at a server by its environment alone.
type Clients struct {
	Config    aws.Config
	SageMaker *sagemaker.Client
	Runtime   *sagemakerfeaturestoreruntime.Client
	Athena    *athena.Client
	Glue      *glue.Client
	S3        *s3.Client
	STS       *sts.Client
}

// FromEnvironment makes clients for the server that this process's environment points at.
func FromEnvironment(t testing.TB) *Clients {
	t.Helper()
	env := map[string]string{}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"} {
		if env[name] = os.Getenv(name); env[name] == "" {
			t.Fatalf("%s is not set: this suite runs under `larder exec`, as `make wire` does", name)
		}
	}
	return NewClients(env)
}

// NewClients makes clients from what `larder env` exports.
func NewClients(env map[string]string) *Clients {
	config := aws.Config{
		Region:       env["AWS_REGION"],
		Credentials:  credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
		BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]),
		// What the SDK's own loader of the environment sets unless told otherwise.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		HTTPClient:                 &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	return ClientsOf(config)
}

// ClientsOf makes clients of a configuration.
func ClientsOf(config aws.Config) *Clients {
	return &Clients{
		Config:    config,
		SageMaker: sagemaker.NewFromConfig(config),
		Runtime:   sagemakerfeaturestoreruntime.NewFromConfig(config),
		Athena:    athena.NewFromConfig(config),
		Glue:      glue.NewFromConfig(config),
		S3:        s3.NewFromConfig(config),
		STS:       sts.NewFromConfig(config),
	}
}

// SQL runs a statement to its end and returns its rows, the header first. Results go to the folder.
func (c *Clients) SQL(ctx context.Context, t testing.TB, text, folder string) [][]string {
	t.Helper()
	e := c.Execute(ctx, t, text, folder)
	if e.Status.State != athenatypes.QueryExecutionStateSucceeded {
		t.Fatalf("%s: %s: %s", text, e.Status.State, aws.ToString(e.Status.StateChangeReason))
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(aws.ToString(e.ResultConfiguration.OutputLocation), "s3://"), "/")
	object, err := c.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Body.Close()
	reader := csv.NewReader(object.Body)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Execute runs a statement and returns it when it has ended, however it has.
func (c *Clients) Execute(ctx context.Context, t testing.TB, text, folder string) *athenatypes.QueryExecution {
	t.Helper()
	// No statement of the tests takes that long; one that hangs must not outlive its test.
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	started, err := c.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &text,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: &folder},
	})
	if err != nil {
		t.Fatal(err)
	}
	for {
		got, err := c.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			t.Fatal(err)
		}
		switch got.QueryExecution.Status.State {
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
			time.Sleep(20 * time.Millisecond)
		default:
			return got.QueryExecution
		}
	}
}
