package s3

import "context"

// HeadObject: HEAD /{Bucket}/{Key}, s3:GetObject
//
// Supported: what GetObject supports; the reply is GetObject's without the body.
// Refused:   versionId other than null, SSE-C.
// Differs:   as GetObject.
func (s *service) headObject(ctx context.Context, r *request) error {
	o, span, partial, err := s.look(ctx, r)
	if err != nil || o == nil {
		return err
	}
	r.setReadHeaders(o, span, partial)
	return nil
}

var headObjectMembers = getObjectMembers
