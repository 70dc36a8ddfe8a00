package athena

import (
	"context"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/query"
)

// StartQueryExecution: AmazonAthena.StartQueryExecution, athena:StartQueryExecution
//
// Supported: QueryString, ClientRequestToken, QueryExecutionContext, WorkGroup, ExecutionParameters,
// ResultConfiguration with OutputLocation, ExpectedBucketOwner (the own account), AclConfiguration,
// whose one option gives the bucket's owner what it has here anyway, and EncryptionOption SSE_S3 and
// SSE_KMS with its KmsKey, which the result's objects show; the bytes are as well protected as the disk is.
// ResultReuseConfiguration: a SELECT or EXECUTE gets the newest result of the same text, parameters, context, work
// group and result configuration that is not too old and still there, unless it has a function of chance or of
// the clock, TABLESAMPLE, or LIMIT without ORDER BY; OutputLocation is then the earlier one's.
// Refused: EncryptionOption CSE_KMS, an EngineConfiguration (it is for Spark).
// Differs: a statement that cannot be parsed is accepted and ends FAILED.
func (a *api) startQueryExecution(ctx context.Context, c *awshttp.Call, in *startQueryExecutionRequest) (*startQueryExecutionResponse, error) {
	r, err := request(c, in)
	if err != nil {
		return nil, err
	}
	id, err := a.queries.Start(ctx, r)
	if err != nil {
		return nil, err
	}
	return &startQueryExecutionResponse{QueryExecutionId: id}, nil
}

// request checks the shape and makes a noun of it.
func request(c *awshttp.Call, in *startQueryExecutionRequest) (r query.Request, err error) {
	if r.SQL, err = text("QueryString", in.QueryString, 1, 262_144); err != nil {
		return r, err
	}
	if in.ClientRequestToken != nil {
		if r.Token, err = text("ClientRequestToken", in.ClientRequestToken, 32, 128); err != nil {
			return r, err
		}
	}
	if q := in.QueryExecutionContext; q != nil {
		if q.Catalog != nil {
			if r.Catalog, err = text("QueryExecutionContext.Catalog", q.Catalog, 1, 256); err != nil {
				return r, err
			}
		}
		if q.Database != nil {
			if r.Database, err = text("QueryExecutionContext.Database", q.Database, 1, 255); err != nil {
				return r, err
			}
		}
	}
	if in.WorkGroup != nil {
		if r.WorkGroup, err = text("WorkGroup", in.WorkGroup, 1, 128); err != nil {
			return r, err
		}
	}
	if in.ExecutionParameters != nil && len(in.ExecutionParameters) == 0 {
		return r, invalid("ExecutionParameters is empty; it must have a value for each ? of the statement, or be left out")
	}
	for i := range in.ExecutionParameters {
		if _, err := text("an item of ExecutionParameters", &in.ExecutionParameters[i], 1, 1024); err != nil {
			return r, err
		}
	}
	r.Parameters = in.ExecutionParameters
	if u := in.ResultReuseConfiguration; u != nil && u.ResultReuseByAgeConfiguration != nil {
		by := u.ResultReuseByAgeConfiguration
		if by.Enabled == nil {
			return r, invalid("ResultReuseByAgeConfiguration.Enabled is missing; it is required")
		}
		r.Reuse = &query.Reuse{Enabled: *by.Enabled, MaxAge: 60}
		if by.MaxAgeInMinutes != nil {
			if r.Reuse.MaxAge = *by.MaxAgeInMinutes; r.Reuse.MaxAge < 0 || r.Reuse.MaxAge > 10_080 {
				return r, invalid("MaxAgeInMinutes is %d; it must be 0 to 10080", r.Reuse.MaxAge)
			}
		}
	}
	if in.EngineConfiguration != nil {
		return r, unsupported("EngineConfiguration is for Spark, which this server does not have; leave it out")
	}
	if in.ResultConfiguration != nil {
		r.OutputFolder = deref(in.ResultConfiguration.OutputLocation)
		r.Result, err = resultOptions(c, in.ResultConfiguration)
	}
	return r, err
}

// resultOptions checks what a client says of its result, beside where it goes.
func resultOptions(c *awshttp.Call, r *resultConfiguration) (o query.ResultOptions, err error) {
	if o.ExpectedOwner = deref(r.ExpectedBucketOwner); r.ExpectedBucketOwner != nil && o.ExpectedOwner != c.Principal.Account {
		return o, invalid("ExpectedBucketOwner is %q; every bucket here belongs to %s", o.ExpectedOwner, c.Principal.Account)
	}
	if a := r.AclConfiguration; a != nil {
		if o.ACL = deref(a.S3AclOption); o.ACL != "BUCKET_OWNER_FULL_CONTROL" {
			return o, invalid("AclConfiguration.S3AclOption must be BUCKET_OWNER_FULL_CONTROL")
		}
	}
	e := r.EncryptionConfiguration
	if e == nil {
		return o, nil
	}
	o.Encryption, o.KMSKey = deref(e.EncryptionOption), deref(e.KmsKey)
	switch o.Encryption {
	case "SSE_S3", "SSE_KMS":
		return o, nil
	case "CSE_KMS":
		return o, unsupported("EncryptionOption CSE_KMS is not supported: results would not be encrypted; use SSE_S3 or leave it out")
	}
	return o, invalid("EncryptionOption is %q; it must be SSE_S3, SSE_KMS or CSE_KMS", o.Encryption)
}

// text returns the text of a member that must be there and have from least to most characters.
func text(member string, s *string, least, most int) (string, error) {
	if s == nil {
		return "", invalid("%s is missing; it is required", member)
	}
	if n := utf8.RuneCountInString(*s); n < least || n > most {
		return "", invalid("%s has %d characters; it must have %d to %d", member, n, least, most)
	}
	return *s, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
