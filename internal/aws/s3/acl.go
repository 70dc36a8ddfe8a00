package s3

import (
	"encoding/xml"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/bucket"
)

// aclXML is the one list that buckets and objects have: all is the owner's. Its type is read without
// its namespace's prefix.
type aclXML struct {
	XMLName           xml.Name `xml:"AccessControlPolicy"`
	Xmlns             string   `xml:"xmlns,attr,omitempty"`
	Owner             ownerXML
	AccessControlList struct{ Grant []grantXML }
}

type grantXML struct {
	Grantee struct {
		Xsi          string `xml:"xmlns:xsi,attr,omitempty"`
		Type         string `xml:"xsi:type,attr,omitempty"`
		ID           string `xml:",omitempty"`
		URI          string `xml:",omitempty"`
		EmailAddress string `xml:",omitempty"`
	}
	Permission string
}

// acl is the access control list of everything.
func (s *service) acl() aclXML {
	out := aclXML{Xmlns: namespace, Owner: ownerXML{ID: s.owner}}
	var g grantXML
	g.Grantee.Xsi, g.Grantee.Type, g.Grantee.ID = "http://www.w3.org/2001/XMLSchema-instance", "CanonicalUser", s.owner
	g.Permission = "FULL_CONTROL"
	out.AccessControlList.Grant = []grantXML{g}
	return out
}

// checkACL refuses a list that says something else than acl. The header has been looked at.
func (s *service) checkACL(r *request) error {
	var in aclXML
	some, err := r.readXML(&in)
	if err != nil {
		return err
	}
	if !some {
		if r.header.Get("X-Amz-Acl") == "" {
			return malformedXML("there is neither a document nor x-amz-acl")
		}
		return nil
	}
	if r.header.Get("X-Amz-Acl") != "" {
		return invalidRequest("Specifying both Canned ACLs and an AccessControlPolicy is not allowed")
	}
	if in.Owner.ID != "" && in.Owner.ID != s.owner {
		return noACL()
	}
	for _, g := range in.AccessControlList.Grant {
		if g.Grantee.ID != s.owner || g.Grantee.URI != "" || g.Grantee.EmailAddress != "" || g.Permission != "FULL_CONTROL" {
			return noACL()
		}
	}
	if len(in.AccessControlList.Grant) == 0 {
		return noACL()
	}
	return nil
}

func (r *request) object() bucket.ObjectRef { return bucket.ObjectRef{Bucket: r.bucket, Key: r.key} }

// aclNotes are of the members of a list, in both operations that put one.
var aclNotes = []awshttp.Member{
	noted("AccessControlPolicy.Grants.Grantee", "the owner, by ID; others are AccessControlListNotSupported"),
	refused("AccessControlPolicy.Grants.Grantee.EmailAddress", "there is one owner, and it has an ID"),
	refused("AccessControlPolicy.Grants.Grantee.URI", "there are no groups"),
	withoutEffect("AccessControlPolicy.Grants.Grantee.DisplayName", "the ID counts"),
	withoutEffect("AccessControlPolicy.Owner.DisplayName", "the ID counts"),
	noted("AccessControlPolicy.Grants.Permission", "FULL_CONTROL; others are AccessControlListNotSupported"),
}
