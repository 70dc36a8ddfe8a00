package sagemaker_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// A refusal changes a good input in one place; a null takes the member away.
type refusal struct{ name, change, code, says string }

const (
	online  = `'OnlineStoreConfig':{'EnableOnlineStore':true}`
	invalid = "ValidationException"
)

func onlineWith(members string) string {
	return `'OnlineStoreConfig':{'EnableOnlineStore':true,` + members + `}`
}

func offline(members string) string {
	return `'RoleArn':'` + role + `','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'},` + members + `}`
}

func x(n int) string { return strings.Repeat("x", n) }

// listed writes a format for every number below n, as a list.
func listed(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(all, ",")
}

func checkRefusals(t *testing.T, cases []refusal) {
	t.Helper()
	w := newWorld(t)
	w.create("taken")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			defer w.within(t)()
			given := tree(t, `{'FeatureGroupName':'g',`+keys+`}`)
			maps.Copy(given, tree(t, "{"+c.change+"}"))
			w.refused("CreateFeatureGroup", toJSON(t, given), c.code, c.says)
		})
	}
	if left := w.must("ListFeatureGroups", "{}")["FeatureGroupSummaries"].([]any); len(left) != 1 {
		t.Errorf("refusals left groups behind: %v", left)
	}
}

func TestCreateFeatureGroupRefusesDefinitions(t *testing.T) {
	inMemory := func(definition string) string {
		return onlineWith(`'StorageType':'InMemory'`) + `,'FeatureDefinitions':[` + keyed + `,` + definition + `]`
	}
	checkRefusals(t, []refusal{
		{"taken name", `'FeatureGroupName':'taken',` + online, "ResourceInUse", `Resource Already Exists: FeatureGroup with name taken already exists. Choose a different name.\nInfo: Feature Group 'taken' already exists.`},
		{"no name", `'FeatureGroupName':null`, invalid, "Validation Error: FeatureGroupName is missing"},
		{"empty name", `'FeatureGroupName':''`, invalid, "feature group name"},
		{"name of 65", `'FeatureGroupName':'` + x(65) + `'`, invalid, "1 to 64"},
		{"name that ends in -", `'FeatureGroupName':'a-'`, invalid, "begin and end with a letter or digit"},
		{"name with a dot", `'FeatureGroupName':'a.b'`, invalid, "letters, digits"},
		{"name in ARN form", `'FeatureGroupName':'` + arn + `g'`, invalid, "feature group name"},
		{"no store", `'Description':'d'`, invalid, "Validation Error: OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request."},
		{"online store switched off", `'OnlineStoreConfig':{}`, invalid, "cannot be both disabled"},
		{"no definitions", online + `,'FeatureDefinitions':null`, invalid, "FeatureDefinitions is missing"},
		{"empty definitions", online + `,'FeatureDefinitions':[]`, invalid, "1 to 2500"},
		{"2501 definitions", online + `,'FeatureDefinitions':[` + listed(2501, `{'FeatureName':'f%d','FeatureType':'String'}`) + `]`, invalid, "1 to 2500"},
		{"null definition", online + `,'FeatureDefinitions':[null]`, invalid, "FeatureName of a feature is missing"},
		{"definition without a type", online + `,'FeatureDefinitions':[{'FeatureName':'id'}]`, invalid, "the FeatureType of the feature id is missing"},
		{"unknown type", online + `,'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'Text'}]`, invalid, `FeatureType of the feature id \"Text\" is not one of Integral, Fractional, String`},
		{"type in another case", online + `,'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'string'}]`, invalid, "is not one of"},
		{"feature name of 65", online + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'` + x(65) + `','FeatureType':'String'}]`, invalid, "1 to 64"},
		{"feature name that begins with _", online + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'_x','FeatureType':'String'}]`, invalid, "begin and end"},
		{"reserved feature name", online + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'WRITE_TIME','FeatureType':'String'}]`, invalid, "reserved"},
		{"feature twice", online + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'at','FeatureType':'String'}]`, invalid, "twice"},
		{"feature twice but for case, offline", offline(`'TableFormat':'Glue'`) + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'AT','FeatureType':'String'}]`, invalid, "differ only in case"},
		{"collection of a Standard group", online + `,'FeatureDefinitions':[` + keyed + `,{'FeatureName':'l','FeatureType':'String','CollectionType':'List'}]`, invalid, "InMemory"},
		{"unknown collection", inMemory(`{'FeatureName':'l','FeatureType':'String','CollectionType':'Map'}`), invalid, "is not one of List, Set, Vector"},
		{"config of a list", inMemory(`{'FeatureName':'l','FeatureType':'Fractional','CollectionType':'List','CollectionConfig':{'VectorConfig':{'Dimension':3}}}`), invalid, "only a feature of the CollectionType Vector has"},
		{"config of a scalar", inMemory(`{'FeatureName':'l','FeatureType':'Fractional','CollectionConfig':{'VectorConfig':{'Dimension':3}}}`), invalid, "only a feature of the CollectionType Vector has"},
		{"vector without a config", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector'}`), invalid, "Dimension"},
		{"vector with an empty config", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{}}`), invalid, "none of its members"},
		{"vector with an unknown config", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'MatrixConfig':{}}}`), invalid, "none of its members"},
		{"vector without a dimension", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{}}}`), invalid, "VectorConfig.Dimension of the feature v is missing"},
		{"dimension 0", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':0}}}`), invalid, "1 to 8192"},
		{"dimension 8193", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':8193}}}`), invalid, "1 to 8192"},
		{"vector of texts", inMemory(`{'FeatureName':'v','FeatureType':'String','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':3}}}`), invalid, "Fractional"},
		{"two vectors", inMemory(`{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':3}}},{'FeatureName':'u','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':3}}}`), invalid, "both a Vector"},
		{"identifier that is a list", onlineWith(`'StorageType':'InMemory'`) + `,'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'String','CollectionType':'List'},{'FeatureName':'at','FeatureType':'Fractional'}]`, invalid, "record identifier"},
		{"no identifier", online + `,'RecordIdentifierFeatureName':null`, invalid, "RecordIdentifierFeatureName is missing"},
		{"identifier in another case", online + `,'RecordIdentifierFeatureName':'ID'`, invalid, "is not among FeatureDefinitions"},
		{"no event time", online + `,'EventTimeFeatureName':null`, invalid, "EventTimeFeatureName is missing"},
		{"unknown event time", online + `,'EventTimeFeatureName':'when'`, invalid, "is not among FeatureDefinitions"},
		{"Integral event time", online + `,'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'String'},{'FeatureName':'at','FeatureType':'Integral'}]`, invalid, "is Integral"},
	})
}

func TestCreateFeatureGroupRefusesOnlineStoresAndThroughput(t *testing.T) {
	units := func(members string) string { return online + `,'ThroughputConfig':{` + members + `}` }
	checkRefusals(t, []refusal{
		{"unknown storage", onlineWith(`'StorageType':'Disk'`), invalid, "is not one of Standard, Standard_V2, InMemory"},
		{"empty storage", onlineWith(`'StorageType':''`), invalid, "is not one of"},
		{"key with a blank", onlineWith(`'SecurityConfig':{'KmsKeyId':'a b'}`), invalid, "KmsKeyId"},
		{"key of 2049", onlineWith(`'SecurityConfig':{'KmsKeyId':'` + x(2049) + `'}`), invalid, "2048"},
		{"key of an InMemory store", onlineWith(`'StorageType':'InMemory','SecurityConfig':{'KmsKeyId':'k'}`), invalid, "KmsKeyId"},
		{"InMemory with an offline store", onlineWith(`'StorageType':'InMemory'`) + `,` + offline(`'TableFormat':'Glue'`), invalid, "InMemory"},
		{"unit without value", onlineWith(`'TtlDuration':{'Unit':'Days'}`), invalid, "come together"},
		{"value without unit", onlineWith(`'TtlDuration':{'Value':1,'Unit':null}`), invalid, "come together"},
		{"value 0", onlineWith(`'TtlDuration':{'Unit':'Days','Value':0}`), invalid, "must be 1 to"},
		{"value beyond 32 bits", onlineWith(`'TtlDuration':{'Unit':'Seconds','Value':2147483648}`), invalid, "must be 1 to"},
		{"value beyond what a record can tell", onlineWith(`'TtlDuration':{'Unit':'Weeks','Value':2147483647}`), invalid, "too large"},
		{"unknown unit", onlineWith(`'TtlDuration':{'Unit':'Years','Value':1}`), invalid, "is not one of Seconds, Minutes, Hours, Days, Weeks"},
		{"time to live of a store that is off", offline(`'TableFormat':'Glue'`) + `,'OnlineStoreConfig':{'TtlDuration':{'Unit':'Days','Value':1}}`, invalid, "TtlDuration"},
		{"no mode", units(`'ProvisionedReadCapacityUnits':1`), invalid, "ThroughputConfig.ThroughputMode is missing"},
		{"unknown mode", units(`'ThroughputMode':'Fast'`), invalid, "is not one of OnDemand, Provisioned"},
		{"units on demand", units(`'ThroughputMode':'OnDemand','ProvisionedReadCapacityUnits':1`), invalid, "units"},
		{"no write units", units(`'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':1`), invalid, "ProvisionedWriteCapacityUnits"},
		{"no read units", units(`'ThroughputMode':'Provisioned','ProvisionedWriteCapacityUnits':1`), invalid, "ProvisionedReadCapacityUnits"},
		{"negative units", units(`'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':-1,'ProvisionedWriteCapacityUnits':1`), invalid, "0 to 10000000"},
		{"10000001 units", units(`'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':1,'ProvisionedWriteCapacityUnits':10000001`), invalid, "0 to 10000000"},
		{"provisioned in memory", onlineWith(`'StorageType':'InMemory'`) + `,'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':1,'ProvisionedWriteCapacityUnits':1}`, invalid, "InMemory"},
	})
}

func TestCreateFeatureGroupRefusesOfflineStoresRolesAndTags(t *testing.T) {
	storage := func(members string) string {
		return `'RoleArn':'` + role + `','OfflineStoreConfig':{'S3StorageConfig':{` + members + `}}`
	}
	catalog := func(members string) string { return offline(`'DataCatalogConfig':{` + members + `}`) }
	checkRefusals(t, []refusal{
		{"no storage config", `'RoleArn':'` + role + `','OfflineStoreConfig':{}`, invalid, "S3StorageConfig is missing"},
		{"no URI", storage(`'KmsKeyId':'k'`), invalid, "S3Uri is missing"},
		{"URI of another scheme", storage(`'S3Uri':'gs://lake'`), invalid, "Invalid S3Uri provided"},
		{"URI of 1025", storage(`'S3Uri':'s3://lake/` + x(1015) + `'`), invalid, "Invalid S3Uri provided"},
		{"https URI", storage(`'S3Uri':'https://lake/x'`), invalid, "not supported by this server yet"},
		{"no bucket", storage(`'S3Uri':'s3://nowhere/x'`), invalid, "Invalid S3Uri provided"},
		{"offline key with a blank", storage(`'S3Uri':'s3://lake','KmsKeyId':'a b'`), invalid, "KmsKeyId"},
		{"unknown format", offline(`'TableFormat':'Hudi'`), invalid, "is not one of Default, Glue, Iceberg"},
		{"Iceberg", offline(`'TableFormat':'Iceberg'`) + `,'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'String'},{'FeatureName':'at','FeatureType':'String'}]`, invalid, "not supported by this server yet"},
		{"half a catalog config", catalog(`'Database':'d'`), invalid, "DataCatalogConfig.Catalog is missing"},
		{"another catalog", catalog(`'Catalog':'hive','Database':'d','TableName':'t'`), invalid, "Catalog"},
		{"database with a blank", catalog(`'Catalog':'AwsDataCatalog','Database':'a b','TableName':'t'`), invalid, "Database"},
		{"empty table name", catalog(`'Catalog':'AwsDataCatalog','Database':'d','TableName':''`), invalid, "TableName"},
		{"no role", `'OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'}}`, invalid, "RoleArn is missing"},
		{"empty role", online + `,'RoleArn':''`, invalid, "The execution role ARN is invalid."},
		{"no role's ARN", online + `,'RoleArn':'arn:aws:iam::123456789012:user/u'`, invalid, "The execution role ARN is invalid."},
		{"another account's role", online + `,'RoleArn':'arn:aws:iam::999999999999:role/r'`, invalid, "The execution role ARN is invalid."},
		{"description of 129", online + `,'Description':'` + x(129) + `'`, invalid, "the most is 128"},
		{"51 tags", online + `,'Tags':[` + listed(51, `{'Key':'k%d','Value':''}`) + `]`, invalid, "the most is 50"},
		{"tag without a key", online + `,'Tags':[{'Value':'v'}]`, invalid, "Key of a tag is missing"},
		{"tag without a value", online + `,'Tags':[{'Key':'k'}]`, invalid, "Value of the tag k is missing"},
		{"empty tag key", online + `,'Tags':[{'Key':'','Value':''}]`, invalid, "1 to 128"},
		{"tag key of 129", online + `,'Tags':[{'Key':'` + x(129) + `','Value':''}]`, invalid, "1 to 128"},
		{"tag value of 257", online + `,'Tags':[{'Key':'k','Value':'` + x(257) + `'}]`, invalid, "256"},
		{"tag with a bracket", online + `,'Tags':[{'Key':'k[','Value':''}]`, invalid, "letters, digits"},
		{"aws: tag", online + `,'Tags':[{'Key':'aws:k','Value':''}]`, invalid, "reserved"},
		{"tag twice", online + `,'Tags':[{'Key':'k','Value':''},{'Key':'k','Value':''}]`, invalid, "twice"},
		{"a list where text should be", `'FeatureGroupName':[]`, "SerializationException", "member FeatureGroupName must be a string, and is a list"},
		{"text where a number should be", onlineWith(`'TtlDuration':{'Unit':'Days','Value':'1'}`), "SerializationException", "member OnlineStoreConfig.TtlDuration.Value must be a whole number"},
		{"a number where a truth should be", `'OnlineStoreConfig':{'EnableOnlineStore':1}`, "SerializationException", "member OnlineStoreConfig.EnableOnlineStore must be true or false"},
		{"a list in a list", `'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'String'},[]]`, "SerializationException", "member FeatureDefinitions[1] must be an object, and is a list"},
	})
}

// The limits themselves are within them.
func TestCreateFeatureGroupAtItsLimits(t *testing.T) {
	w := newWorld(t)
	given := tree(t, `{`+keys+`,'FeatureGroupName':'`+x(64)+`','OnlineStoreConfig':{'EnableOnlineStore':true,'SecurityConfig':{'KmsKeyId':'`+x(2048)+`'}},'Description':'`+strings.Repeat("é", 128)+
		`','RoleArn':'`+role+`','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake/`+x(700)+`'}},'Tags':[`+listed(49, `{'Key':'k%d','Value':''}`)+`,{'Key':'`+x(128)+`','Value':'`+x(256)+`'}],'Unknown':1}`)
	given["FeatureDefinitions"] = tree(t, `{'d':[`+keyed+`,{'FeatureName':'`+x(64)+`','FeatureType':'String'},`+listed(2497, `{'FeatureName':'f%d','FeatureType':'Integral'}`)+`]}`)["d"]
	w.must("CreateFeatureGroup", toJSON(t, given))
	got := w.must("DescribeFeatureGroup", `{"FeatureGroupName":"`+x(64)+`"}`)
	if n := len(got["FeatureDefinitions"].([]any)); n != 2500 || got["FeatureGroupStatus"] != "Created" || got["NextToken"] != nil {
		t.Errorf("%d definitions, status %v, token %v", n, got["FeatureGroupStatus"], got["NextToken"])
	}
	w.refused("UpdateFeatureGroup", `{"FeatureGroupName":"`+x(64)+`","FeatureAdditions":[{"FeatureName":"more","FeatureType":"String"}]}`, "ResourceLimitExceeded", "2500")
}
