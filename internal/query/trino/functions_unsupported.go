package trino

import "slices"

// unsupportedFunctions are those of Trino that are not here, chapter by chapter; calling one says so.
var unsupportedFunctions = []struct {
	chapter string
	names   []string
}{
	{"Aggregates", []string{"numeric_histogram"}},
	{"Color", []string{"bar", "color", "render", "rgb"}},
	{"Geospatial", []string{
		"bing_tile", "bing_tile_at", "bing_tile_coordinates", "bing_tile_polygon", "bing_tile_quadkey", "bing_tile_zoom_level", "bing_tiles_around",
		"convex_hull_agg", "from_encoded_polyline", "from_geojson_geometry", "geometry_from_hadoop_shape", "geometry_invalid_reason", "geometry_nearest_points",
		"geometry_to_bing_tiles", "geometry_union", "geometry_union_agg", "great_circle_distance", "line_interpolate_point", "line_interpolate_points",
		"line_locate_point", "simplify_geometry", "spatial_partitioning", "spatial_partitions", "st_area", "st_asbinary", "st_astext", "st_boundary", "st_buffer",
		"st_centroid", "st_contains", "st_convexhull", "st_coorddim", "st_crosses", "st_difference", "st_dimension", "st_disjoint", "st_distance", "st_endpoint",
		"st_envelope", "st_envelopeaspts", "st_equals", "st_exteriorring", "st_geometries", "st_geometryfromtext", "st_geometryn", "st_geometrytype",
		"st_geomfrombinary", "st_interiorringn", "st_interiorrings", "st_intersection", "st_intersects", "st_isclosed", "st_isempty", "st_isring", "st_issimple",
		"st_isvalid", "st_length", "st_linefromtext", "st_linestring", "st_multipoint", "st_numgeometries", "st_numinteriorring", "st_numpoints", "st_overlaps",
		"st_point", "st_pointn", "st_points", "st_polygon", "st_relate", "st_startpoint", "st_symdifference", "st_touches", "st_union", "st_within", "st_x",
		"st_xmax", "st_xmin", "st_y", "st_ymax", "st_ymin", "to_encoded_polyline", "to_geojson_geometry", "to_geometry", "to_spherical_geography"}},
	{"HyperLogLog, quantile digests, T-digests and set digests", []string{
		"approx_set", "empty_approx_set", "merge", "hash_counts", "intersection_cardinality", "jaccard_index", "make_set_digest", "merge_set_digest",
		"qdigest_agg", "quantile_at_value", "tdigest_agg", "value_at_quantile", "values_at_quantiles"}},
	{"Machine learning", []string{"classify", "features", "learn_classifier", "learn_libsvm_classifier", "learn_libsvm_regressor", "learn_regressor", "regress"}},
	{"Pattern recognition", []string{"classifier", "match_number", "next", "prev"}},
	{"Session and system", []string{"current_groups"}},
	{"Texts", []string{"word_stem"}},
}

func isUnsupported(name string) bool {
	for _, c := range unsupportedFunctions {
		if slices.Contains(c.names, name) {
			return true
		}
	}
	return false
}
