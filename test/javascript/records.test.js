// The seven operations of the runtime, as @aws-sdk/client-sagemaker-featurestore-runtime sends them.
"use strict";

const assert = require("node:assert/strict");
const { randomUUID } = require("node:crypto");
const { test } = require("node:test");
const { CreateFeatureGroupCommand, DeleteFeatureGroupCommand, SageMakerClient } = require("@aws-sdk/client-sagemaker");
const {
  BatchGetRecordCommand, BatchWriteRecordCommand, ConflictException, DeleteRecordCommand, GetRecordCommand, ListRecordsCommand,
  PutRecordCommand, ResourceNotFound, SageMakerFeatureStoreRuntimeClient, UpdateRecordCommand, ValidationError, paginateListRecords,
} = require("@aws-sdk/client-sagemaker-featurestore-runtime");

const control = new SageMakerClient({});
const client = new SageMakerFeatureStoreRuntimeClient({});

const record = (features) => Object.entries(features).map(([FeatureName, value]) =>
  Array.isArray(value) ? { FeatureName, ValueAsStringList: value } : { FeatureName, ValueAsString: value });
const features = (values) => Object.fromEntries(values.map((v) => [v.FeatureName, v.ValueAsStringList ?? v.ValueAsString]));

/** Makes a group of id, at, n and s; returns calls on it. */
async function make(t, online = {}, more = []) {
  const FeatureGroupName = `js-${randomUUID()}`;
  await control.send(new CreateFeatureGroupCommand({
    FeatureGroupName, RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at",
    FeatureDefinitions: [
      { FeatureName: "id", FeatureType: "String" }, { FeatureName: "at", FeatureType: "String" },
      { FeatureName: "n", FeatureType: "Integral" }, { FeatureName: "s", FeatureType: "String" }, ...more],
    OnlineStoreConfig: { EnableOnlineStore: true, ...online },
  }));
  t.after(() => control.send(new DeleteFeatureGroupCommand({ FeatureGroupName })));
  const send = (Command) => (members = {}) => client.send(new Command({ FeatureGroupName, ...members }));
  return {
    FeatureGroupName,
    put: send(PutRecordCommand), list: send(ListRecordsCommand), update: send(UpdateRecordCommand), remove: send(DeleteRecordCommand),
    get: (id, more = {}) => client.send(new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: id, ...more })),
  };
}

// Rule 2.2-1, 2.2-2, 2.2-3, 2.1-8, 0.3-2.
test("put, get and a subset", async (t) => {
  const group = await make(t);
  const id = "a b+c/%2F é?&=#\n";
  const one = record({ id, at: "2024-01-01T00:00:00Z", n: "-7", s: "\"\\\u2028💧" });
  const { $metadata, ...empty } = await group.put({ Record: [...one].reverse() });
  assert.deepEqual([empty, $metadata.httpStatusCode], [{}, 200]);
  assert.deepEqual((await group.get(id)).Record, one);
  assert.deepEqual((await group.get(id, { FeatureNames: ["s", "n"] })).Record, one.slice(2));
  assert.equal((await group.get("nobody")).Record, undefined);
});

// Rule 3.4-1, 3.4-4, 3.4-5, 3.4-8, 3.4-9.
test("deletes", async (t) => {
  const group = await make(t);
  const put = (at) => group.put({ Record: record({ id: "a", at }) });
  const remove = (EventTime, DeletionMode) => group.remove({ RecordIdentifierValueAsString: "a", EventTime, DeletionMode });
  const held = async () => (await group.get("a")).Record !== undefined;
  await put("2024-01-02T00:00:00Z");
  await remove("2024-01-03T00:00:00Z", "SoftDelete");
  assert.equal(await held(), false);
  await put("2024-01-02T12:00:00Z");
  assert.equal(await held(), false);
  await put("2024-01-04T00:00:00Z");
  assert.equal(await held(), true);
  await assert.rejects(remove("2024-01-04T00:00:00Z", "HardDelete"), ValidationError);
  await remove("2024-01-05T00:00:00Z", "HardDelete");
  await put("2020-01-01T00:00:00Z");
  assert.equal(await held(), true);
});

// Rule 2.5-2, 2.5-4, 2.5-5, 2.5-7, 2.2-7, 3.5-1, 3.5-2.
test("batch get and times to live", async (t) => {
  const group = await make(t, { TtlDuration: { Unit: "Hours", Value: 1 } });
  const at = new Date(Math.floor(Date.now() / 1000) * 1000);
  await group.put({ Record: record({ id: "a", at: at.toISOString() }) });
  await group.put({ Record: record({ id: "b", at: at.toISOString() }), TtlDuration: { Unit: "Minutes", Value: 5 } });
  const got = await client.send(new BatchGetRecordCommand({ ExpirationTimeResponse: "Enabled", Identifiers: [
    { FeatureGroupName: group.FeatureGroupName, RecordIdentifiersValueAsString: ["b", "none", "a"], FeatureNames: ["id"] },
    { FeatureGroupName: "nobody-has-this-name", RecordIdentifiersValueAsString: ["a"] }] }));
  assert.deepEqual(got.Records.map((r) => [r.RecordIdentifierValueAsString, features(r.Record), new Date(r.ExpiresAt) - at]),
    [["b", { id: "b" }, 300_000], ["a", { id: "a" }, 3_600_000]]);
  assert.deepEqual(got.Errors.map((e) => e.ErrorCode), ["ResourceNotFound"]);
  assert.deepEqual(got.UnprocessedIdentifiers, []);
  assert.equal((await group.get("a")).ExpiresAt, undefined);
});

// Rule 2.6-4, 2.6-5, 2.7-1, 2.7-2, 11-31.
test("batch write and pages of identifiers", async (t) => {
  const group = await make(t);
  const { FeatureGroupName } = group;
  const Entries = Array.from({ length: 24 }, (_, i) => ({ FeatureGroupName, Record: record({ id: `r${i}`, at: "2024-01-01T00:00:00Z" }) }));
  const wrong = { FeatureGroupName, Record: record({ id: "x", at: "2024-01-01T00:00:00Z", n: "one" }), TargetStores: ["OnlineStore"] };
  const reply = await client.send(new BatchWriteRecordCommand({ Entries: [wrong, ...Entries], TtlDuration: { Unit: "Weeks", Value: 3000 } }));
  assert.deepEqual(reply.Errors.map((error) => [error.Entry, error.ErrorCode]), [[wrong, "ValidationError"]]);
  assert.deepEqual(reply.UnprocessedEntries, []);
  const pages = [];
  for await (const page of paginateListRecords({ client, pageSize: 10 }, { FeatureGroupName })) pages.push(page.RecordIdentifiers);
  assert.deepEqual(pages.map((page) => page.length), [10, 10, 4]);
  assert.equal(new Set(pages.flat()).size, 24);
});

// Rule 2.8-2, 2.8-3, 2.8-5, 2.8-7, 2.8-8, 2.9-3.
for (const StorageType of ["Standard_V2", "InMemory"]) {
  test(`updates of records in ${StorageType}`, async (t) => {
    const group = await make(t, { StorageType });
    const update = (members, more) => group.update({ RecordIdentifierValueAsString: "a", Features: record(members), ...more });
    await group.put({ Record: record({ id: "a", at: "2024-01-02T00:00:00Z", n: "1", s: "kept" }) });
    await update({ n: "2" });
    await update({ n: "3", at: "2024-01-02T00:00:00Z" });
    assert.deepEqual(features((await group.get("a")).Record), { id: "a", at: "2024-01-02T00:00:00Z", n: "3", s: "kept" });
    await assert.rejects(update({ n: "4", at: "2024-01-01T00:00:00Z" }), (error) =>
      error instanceof ConflictException && error.$metadata.httpStatusCode === 409);
    await assert.rejects(update({ unknown: "4" }), ValidationError);
    await assert.rejects(group.update({ RecordIdentifierValueAsString: "nobody", Features: record({ n: "1" }) }), ResourceNotFound);
  });
}

// Rule 3.3-6, 3.3-7, 3.3-8, 3.3-10.
test("collections", async (t) => {
  const group = await make(t, { StorageType: "InMemory" }, [
    { FeatureName: "l", FeatureType: "String", CollectionType: "List" },
    { FeatureName: "u", FeatureType: "Integral", CollectionType: "Set" },
    { FeatureName: "e", FeatureType: "Integral", CollectionType: "List" },
    { FeatureName: "v", FeatureType: "Fractional", CollectionType: "Vector", CollectionConfig: { VectorConfig: { Dimension: 2 } } }]);
  await group.put({ Record: record({ id: "a", at: "2024-01-01T00:00:00Z", l: ["x", "x"], u: ["1", "1"], e: [], v: ["1", "2.50"] }) });
  assert.deepEqual(features((await group.get("a")).Record),
    { id: "a", at: "2024-01-01T00:00:00Z", l: ["x", "x"], u: ["1"], v: ["1", "2.50"] });
  await assert.rejects(group.put({ Record: record({ id: "a", at: "2024-01-02T00:00:00Z", v: ["1"] }) }), ValidationError);
});

// Rule 2.2-6, 2.3-2, 2.4-3, 2.7-5.
test("errors have their classes", async () => {
  const nobody = { FeatureGroupName: "nobody-has-this-name", RecordIdentifierValueAsString: "a" };
  const status = (Class, code) => (error) => error instanceof Class && error.$metadata.httpStatusCode === code && error.$metadata.requestId !== undefined;
  await assert.rejects(client.send(new GetRecordCommand(nobody)), status(ResourceNotFound, 404));
  await assert.rejects(client.send(new ListRecordsCommand(nobody)), status(ResourceNotFound, 404));
  await assert.rejects(client.send(new UpdateRecordCommand({ ...nobody, Features: record({ id: "a" }) })), status(ResourceNotFound, 404));
  await assert.rejects(client.send(new PutRecordCommand({ ...nobody, Record: record({ id: "a" }) })), status(ValidationError, 400));
  await assert.rejects(client.send(new DeleteRecordCommand({ ...nobody, EventTime: "2024-01-01T00:00:00Z" })), status(ValidationError, 400));
});
