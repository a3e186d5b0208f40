using System.Text.Json;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Server.Runtimes;
using Larder.Store;
using Larder.Transfer;
using Larder.Workers;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary>Which problem each failure is. Texts with paths of this machine go to the log, not to callers.</summary>
internal static class Problems
{
    private const string SeeLog = "The server's log has the reason.";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static Problem UnknownModel(string id) =>
        new(
            404,
            "unknown-model",
            "There is no such model",
            $"No model has the id '{id}'. GET /api/models lists the ids."
        );

    public static Problem InvalidJson(JsonException failure) =>
        new(
            400,
            "invalid-json",
            "The body is not JSON",
            $"The body of the request is not a JSON document: {failure.Message}"
        )
        {
            Errors = [("body", failure.Message)],
        };

    public static Problem InvalidQuery(string name, string expected) =>
        new(
            400,
            "invalid-query",
            "The query does not fit the route",
            $"{name} in the query is something else than {expected}."
        )
        {
            Errors = [(name, $"{expected} is expected.")],
        };

    public static Problem UnknownQuery(string name, string known) =>
        new(
            400,
            "invalid-query",
            "The query does not fit the route",
            $"The route knows {known} in the query and nothing else. Nothing was done."
        )
        {
            Errors = [(name, "The route has no such parameter.")],
        };

    public static Problem NothingToPin(string id) =>
        new(
            409,
            "not-stored",
            "The model is not stored",
            $"The files of '{id}' are not in this server's store, so they cannot be pinned. POST /api/models/{id}/warm fetches them."
        );

    public static Problem Unforeseen { get; } =
        new(
            500,
            "unexpected",
            "Something went wrong",
            "The server failed in a way that nobody foresaw. Its log has the reason."
        );

    /// <summary>The problem that an empty answer with a status stands for; null for one that is no failure.</summary>
    public static Problem? Of(HttpResponse response)
    {
        var request = response.HttpContext.Request;
        return response.StatusCode switch
        {
            400 => new Problem(
                400,
                "bad-host",
                "The server does not answer to this name",
                "The Host header of the request is none of this server's names: those of server.hosts, and without access tokens localhost, 127.0.0.1 and [::1]."
            ),
            404 => new Problem(
                404,
                "no-such-route",
                "There is no such route",
                $"Nothing answers at '{request.PathBase + request.Path}'."
            ),
            405 => new Problem(
                405,
                "wrong-method",
                "The route does not take this method",
                $"'{request.PathBase + request.Path}' does not take {request.Method}."
            )
            {
                Allow = response.Headers.Allow.ToString(),
            },
            _ => null,
        };
    }

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
            InvalidWorkerInputsException inputs => new Problem(
                400,
                "invalid-inputs",
                "The inputs do not fit the model",
                inputs.Message
            )
            {
                Errors = [.. inputs.Faults.Select(fault => (fault.Path, fault.Message))],
            },
            WorkerException worker => OfWorker(worker, id),
            NoTensorException answer => new Problem(
                502,
                "no-tensors",
                "The model's answer cannot be sent as tensors",
                $"The worker of '{id}' answered what is no tensor. {answer.Message} POST /api/models/{id}/predict sends it as it is."
            ),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new Problem(
                413,
                "too-large",
                "The request is too large",
                $"{large.Message} Send the inputs in several requests."
            ),
            BadHttpRequestException request => new Problem(
                request.StatusCode,
                "bad-request",
                "The request could not be read",
                request.Message
            ),
            OriginException { Failure: OriginFailure.Unavailable or OriginFailure.Changed } => new Problem(
                503,
                "origin-unavailable",
                "The model's origin does not answer",
                $"The origin of '{id}' cannot give its files now, and nothing that is stored may stand in for them. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
            NotCachedException => new Problem(
                503,
                "not-stored",
                "The model is not stored",
                $"The files of '{id}' are not stored, and this server may not use the network. {SeeLog}"
            ),
            OriginException or IntegrityException or ReferenceException or ArchiveException => new Problem(
                502,
                "origin-failed",
                "The model's origin does not give it",
                $"The files of '{id}' could not be had from their origin. {SeeLog}"
            ),
            NoRoomException { CanFitLater: false } => new Problem(
                507,
                "never-room",
                "The model is larger than the store",
                $"'{id}' is larger than this server's store may ever be. {SeeLog}"
            ),
            GraphLoadException { InnerException: { } cause } remembered when Of(cause, id) is { } problem =>
                problem with
                {
                    RetryAfter = remembered.RetryAfter,
                },
            GraphLoadException => new Problem(
                503,
                "load-failed",
                "The model could not be loaded",
                $"'{id}' was not loaded, or not in time. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
            GraphTooLargeException => new Problem(
                507,
                "never-room",
                "The model is larger than the memory for models",
                $"'{id}' takes more memory than this server may give to models. {SeeLog}"
            ),
            GraphBusyException => new Problem(
                503,
                "busy",
                "The model is in use",
                $"'{id}' did not become free. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
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

    private static Problem OfWorker(WorkerException failure, string id) =>
        failure.Failure switch
        {
            WorkerFailure.NotStarted or WorkerFailure.ProgramMissing => new Problem(
                502,
                "worker-not-started",
                "The model's worker did not start",
                $"The worker of '{id}' could not be started, or was not ready in time. {SeeLog}"
            ),
            WorkerFailure.TooSlow => new Problem(
                504,
                "worker-too-slow",
                "The model's worker took too long",
                $"The worker of '{id}' did not answer in time, and was replaced. {SeeLog}"
            ),
            WorkerFailure.Busy => new Problem(
                503,
                "busy",
                "The model is in use",
                $"The workers of '{id}' did not become free. {SeeLog}"
            )
            {
                RetryAfter = RetryAfter,
            },
            // Workers say this for whoever sent the request.
            WorkerFailure.Refused => new Problem(
                502,
                "worker-refused",
                "The model could not answer",
                $"'{id}' could not answer this request: {failure.Answer ?? SeeLog}"
            ),
            _ => new Problem(
                502,
                "worker-failed",
                "The model's worker failed",
                $"The worker of '{id}' failed while it had this request, and was replaced. {SeeLog}"
            ),
        };
}
