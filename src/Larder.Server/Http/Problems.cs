using System.Text.Json;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Transfer;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary>Which problem each failure is. Texts with paths of this machine go to the log, not to callers.</summary>
internal static class Problems
{
    private const string SeeLog = "The server's log has the reason.";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static Problem UnknownModel(string id) =>
        new(404, "unknown-model", "There is no such model", $"No model has the id '{id}'. GET /api/models lists the ids.");

    public static Problem NoSuchRoute(string path) =>
        new(404, "no-such-route", "There is no such route", $"Nothing answers at '{path}'.");

    public static Problem InvalidJson(JsonException failure) =>
        new(400, "invalid-json", "The body is not JSON", $"The body of the request is not a JSON document: {failure.Message}");

    /// <summary>The problem that a failure is; null for one that nobody foresaw.</summary>
    public static Problem? Of(Exception failure, string id) =>
        failure switch
        {
            InvalidInputsException inputs => new Problem(
                400,
                "invalid-inputs",
                "The inputs do not fit the model",
                inputs.Message
            )
            {
                Errors = [.. inputs.Faults.Select(fault => (fault.Path, fault.Message))],
            },
            JsonException json => InvalidJson(json),
            BadHttpRequestException request => new Problem(
                request.StatusCode,
                "bad-request",
                "The request could not be read",
                request.Message
            ),
            OriginException { Failure: OriginFailure.Unavailable } => new Problem(
                503,
                "origin-unavailable",
                "The model's origin does not answer",
                $"The files of '{id}' are not stored, and their origin does not answer. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
            OriginException or IntegrityException or ReferenceException or NotCachedException => new Problem(
                502,
                "origin-failed",
                "The model's origin does not give it",
                $"The files of '{id}' could not be had from their origin, and trying again will not help. {SeeLog}"
            ),
            NoRoomException or GraphRoomException => new Problem(
                503,
                "no-room",
                "There is no room",
                $"There is no room for '{id}' now. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
            OnnxException or OnnxFileException or OnnxRuntimeMissingException => new Problem(
                500,
                "model-broken",
                "The model cannot be run",
                $"'{id}' could not be loaded or run. {SeeLog}"
            ),
            StoreException => new Problem(
                500,
                "store-failed",
                "The store cannot be used",
                $"The server's store failed it. {SeeLog}"
            ),
            _ => null,
        };
}
