package feature

import (
	"regexp"
	"strings"
)

// checkOnline holds the rules of an online store (contract §1.3 rules 4 and 6), and of what was said
// of one that is not enabled.
func (g *Group) checkOnline(extensions bool) error {
	o := g.Online
	if o == nil {
		o = g.OnlineOff
	}
	if o == nil {
		return nil
	}
	switch o.StorageType {
	case "", Standard, StandardV2, InMemory:
	default:
		return Errorf(Invalid, "StorageType %s is not one of Standard, Standard_V2, InMemory", quote(o.StorageType))
	}
	if err := checkKey("OnlineStoreConfig.SecurityConfig.KmsKeyId", o.KMSKeyID); err != nil {
		return err
	}
	if o.TTL != nil {
		if g.Online == nil {
			return Errorf(Invalid, "OnlineStoreConfig has a TtlDuration, and EnableOnlineStore is not true; enable the online store, or leave the TtlDuration out")
		}
		if _, err := o.TTL.Seconds(); err != nil {
			return err
		}
	}
	if g.Online == nil || o.StorageType != InMemory {
		return nil
	}
	if o.KMSKeyID != "" {
		return Errorf(Invalid, "an online store of the StorageType InMemory cannot have a KmsKeyId; leave the key out, or use the StorageType Standard")
	}
	if g.Offline != nil && !extensions {
		return Errorf(Invalid, "a feature group with an online store of the StorageType InMemory cannot have an OfflineStoreConfig; leave it out, or use the StorageType Standard")
	}
	return nil
}

// clone returns a copy that shares nothing with o, which is not nil.
func (o *Online) clone() *Online {
	c := *o
	c.TTL = copyOf(o.TTL)
	return &c
}

func checkKey(field, id string) error {
	if len(id) > 2048 || !kmsKey.MatchString(id) {
		return Errorf(Invalid, "%s %s is not a key: at most 2048 letters, digits and :/_-", field, quote(id))
	}
	return nil
}

func (g *Group) checkRole(at Place) error {
	if g.RoleARN == "" {
		if g.Offline != nil {
			return Errorf(Invalid, "RoleArn is missing; a feature group with an OfflineStoreConfig needs one")
		}
		return nil
	}
	if n := len(g.RoleARN); n < 20 || n > 2048 || !roleARN.MatchString(g.RoleARN) {
		return Errorf(Invalid, "The execution role ARN is invalid. RoleArn %s is not the ARN of a role; its form is arn:aws:iam::ACCOUNT:role/NAME, of 20 to 2048 characters", quote(g.RoleARN))
	}
	if account := strings.Split(g.RoleARN, ":")[4]; account != at.Account {
		return Errorf(Invalid, "The execution role ARN is invalid. RoleArn %s is a role of account %s, and a role of another account cannot be passed; this server is account %s", quote(g.RoleARN), account, at.Account)
	}
	return nil
}

func (g *Group) checkOffline(at Place) error {
	o := g.Offline
	if o == nil {
		return nil
	}
	if len(o.S3URI) > 1024 || !s3URI.MatchString(o.S3URI) {
		return Errorf(Invalid, "Invalid S3Uri provided: %s is not of the form s3://BUCKET/PREFIX, of at most 1024 characters", quote(o.S3URI))
	}
	if !strings.HasPrefix(o.S3URI, "s3://") {
		return Errorf(Unsupported, "the S3Uri %s is an https address, which is not supported by this server yet; write it as s3://BUCKET/PREFIX", quote(o.S3URI))
	}
	if err := checkKey("OfflineStoreConfig.S3StorageConfig.KmsKeyId", o.KMSKeyID); err != nil {
		return err
	}
	if err := g.checkFormat(); err != nil {
		return err
	}
	if o.Table == nil {
		return nil
	}
	ownAccount := o.DisableTable && o.Table.Catalog == at.Account
	if !strings.EqualFold(o.Table.Catalog, DefaultCatalog) && !ownAccount {
		return Errorf(Invalid, "DataCatalogConfig.Catalog %s is not known; it must be %s", quote(o.Table.Catalog), DefaultCatalog)
	}
	if err := checkTableName("DataCatalogConfig.Database", o.Table.Database, 255); err != nil {
		return err
	}
	if o.Table.Database == InformationSchema {
		return Errorf(Invalid, "DataCatalogConfig.Database %s is that of the catalog's own tables; name another", InformationSchema)
	}
	return checkTableName("DataCatalogConfig.TableName", o.Table.Table, 252)
}

// checkFormat holds the rules of the table format (contract §1.3 rule 8).
func (g *Group) checkFormat() error {
	switch format := g.Offline.TableFormat; {
	case format == "" || format == "Default" || format == "Glue":
		return nil
	case format != "Iceberg":
		return Errorf(Invalid, "TableFormat %s is not one of Default, Glue, Iceberg", quote(format))
	case g.Offline.DisableTable:
		return Errorf(Invalid, "the TableFormat Iceberg cannot go with DisableGlueTableCreation; let the table be created, or use the TableFormat Glue")
	case g.Definitions[g.Ordinal(g.EventTime)].Type != String:
		return Errorf(Invalid, "the TableFormat Iceberg needs an event-time feature of the FeatureType String, and %q is %s", g.EventTime, g.Definitions[g.Ordinal(g.EventTime)].Type)
	}
	return Errorf(Invalid, "the TableFormat Iceberg is not supported by this server yet; use Glue")
}

var tableName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func checkTableName(field, name string, most int) error {
	if len(name) > most || !tableName.MatchString(name) {
		return Errorf(Invalid, "%s %s is not 1 to %d lower-case letters, digits and '_' that begin with a letter or '_'", field, quote(name), most)
	}
	return nil
}

// Targets returns the stores that a write goes to: those asked for, or all of the group if none is.
// Invalid: one that the group does not have.
func (g *Group) Targets(asked Stores) (Stores, error) {
	var has Stores
	if g.Online != nil {
		has |= OnlineStore
	}
	if g.Offline != nil {
		has |= OfflineStore
	}
	switch missing := asked &^ has; {
	case missing&OnlineStore != 0:
		return 0, Errorf(Invalid, "TargetStores has OnlineStore, and the feature group %s has no online store; target its OfflineStore", g.Name)
	case missing != 0:
		return 0, Errorf(Invalid, "TargetStores has OfflineStore, and the feature group %s has no offline store; target its OnlineStore", g.Name)
	case asked == 0:
		return has, nil
	}
	return asked, nil
}
