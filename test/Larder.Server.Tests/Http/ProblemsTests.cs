using System.Text.Json;
using Larder.Baking;
using Larder.Content;
using Larder.Graphs;
using Larder.Graphs.Keys;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Pull.Targets;
using Larder.Server.Http;
using Larder.Server.Runtimes;
using Larder.Sharing;
using Larder.Store;
using Larder.Transfer;
using Larder.Workers;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Tests.Http;

public sealed class ProblemsTests
{
    // In every text that a failure carries, and nothing of it may reach a caller.
    private const string Secret = "/home/someone/store?sig=hush";

    public static TheoryData<Exception, int, string> Failures { get; } =
        new()
        {
            { Origin(OriginFailure.Unavailable), 503, "origin-unavailable" },
            { Origin(OriginFailure.Changed), 503, "origin-unavailable" },
            { Origin(OriginFailure.NotFound), 502, "origin-failed" },
            { Origin(OriginFailure.Denied), 502, "origin-failed" },
            { Origin(OriginFailure.Broken), 502, "origin-failed" },
            { new IntegrityException(Secret, Secret, Secret, Secret), 502, "origin-failed" },
            { new ReferenceException(Secret, Secret), 502, "origin-failed" },
            { new ArchiveException(Secret, Secret, Secret), 502, "origin-failed" },
            { new NotCachedException(Secret, Secret), 503, "not-stored" },
            { new NoRoomException(Secret, 1, 0), 503, "no-room" },
            { new OnnxException(OnnxErrorCode.InvalidProtobuf, Secret), 500, "model-broken" },
            { new OnnxFileException(Secret, [Secret]), 500, "model-broken" },
            { new OnnxRuntimeMissingException([Secret]), 500, "model-broken" },
            { new StoreException(Secret, Secret), 500, "store-failed" },
            { new WorkerException(WorkerFailure.NotStarted, Secret), 502, "worker-not-started" },
            { new WorkerException(WorkerFailure.ProgramMissing, Secret), 502, "worker-not-started" },
            { new WorkerException(WorkerFailure.Died, Secret), 502, "worker-failed" },
            { new WorkerException(WorkerFailure.BrokeProtocol, Secret), 502, "worker-failed" },
            { new WorkerException(WorkerFailure.TooSlow, Secret), 504, "worker-too-slow" },
            { new WorkerException(WorkerFailure.Busy, Secret), 503, "busy" },
            { new WorkerException(WorkerFailure.Refused, Secret), 502, "worker-refused" },
            { new NoTensorException([new InputFault("share", "It is no float64[2].")]), 502, "no-tensors" },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Of_Failure_IsItsProblemAndTellsNothingOfThisMachine(Exception failure, int status, string type)
    {
        var problem = Problems.Of(failure, "prices");

        Assert.NotNull(problem);
        Assert.Equal((status, type), (problem.Status, problem.Type));
        Assert.DoesNotContain("home", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("home", problem.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EveryFailureOfLarder_IsForeseen()
    {
        var known = Failures
            .Select(row => row.Data.Item1.GetType())
            .Append(typeof(InvalidInputsException))
            .Append(typeof(InvalidWorkerInputsException))
            .Append(typeof(GraphRoomException))
            .Append(typeof(GraphTooLargeException))
            .Append(typeof(GraphBusyException))
            .Append(typeof(GraphLoadException));
        var all = new[] { typeof(ModelCache), typeof(GraphCache), typeof(OnnxModel), typeof(WorkerModels) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.IsSubclassOf(typeof(LarderException)));

        // These never come from a request: a document that cannot be read is a miss, a bad path the fault of its origin,
        // patterns are read with the configuration, the server's graphs have keys of its own making, nobody has models laid out or baked by a server,
        // and a shared store that fails is a warning.
        Assert.Equal(
            [
                typeof(GlobException),
                typeof(ImageException),
                typeof(InvalidConfigurationException),
                typeof(InvalidDocumentException),
                typeof(LayOutException),
                typeof(ManifestException),
                typeof(SharedStoreException),
            ],
            all.Except(known).OrderBy(type => type.Name)
        );
    }

    [Theory]
    [InlineData(OriginFailure.Unavailable)]
    [InlineData(OriginFailure.Changed)]
    public void Of_OriginThatMayComeBack_SaysWhenToTryAgain(OriginFailure failure) =>
        Assert.Equal(TimeSpan.FromSeconds(5), Problems.Of(Origin(failure), "prices")!.RetryAfter);

    [Fact]
    public async Task Of_NoRoomForTheGraph_SaysWhenToTryAgain()
    {
        await using var graphs = new GraphCache(
            new GraphCacheOptions { MaxGraphs = 1, WaitForRoom = TimeSpan.FromTicks(1) }
        );
        using var held = await graphs.RentAsync(
            Key("a"),
            _ => Task.FromResult("a"),
            TestContext.Current.CancellationToken
        );
        var failure = await Assert.ThrowsAsync<GraphRoomException>(async () =>
            await graphs.RentAsync(Key("b"), _ => Task.FromResult("b"), TestContext.Current.CancellationToken)
        );

        var problem = Problems.Of(failure, "prices")!;

        Assert.Equal((503, "no-room"), (problem.Status, problem.Type));
        Assert.Equal(TimeSpan.FromSeconds(5), problem.RetryAfter);
    }

    [Fact]
    public async Task Of_GraphThatNeverFits_IsNotToBeTriedAgain()
    {
        await using var graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 10 });
        var request = new GraphRequest<string>(Key("a"), (_, _) => Task.FromResult("a"))
        {
            EstimatedSize = GraphSize.OfHost(11),
        };
        var failure = await Assert.ThrowsAsync<GraphTooLargeException>(async () =>
            await graphs.RentAsync(request, TestContext.Current.CancellationToken)
        );

        var problem = Problems.Of(failure, "prices")!;

        Assert.Equal((507, "never-room", null), (problem.Status, problem.Type, problem.RetryAfter));
    }

    [Fact]
    public async Task Of_LoadThatFailedBefore_IsThatFailureAndSaysWhenItIsTriedAgain()
    {
        await using var graphs = new GraphCache(new GraphCacheOptions { ClassifyFailure = OnnxModels.ClassifyFailure });
        var request = new GraphRequest<string>(
            Key("a"),
            (_, _) => throw new OnnxException(OnnxErrorCode.InvalidProtobuf, Secret)
        );
        await Assert.ThrowsAsync<OnnxException>(async () =>
            await graphs.RentAsync(request, TestContext.Current.CancellationToken)
        );
        var failure = await Assert.ThrowsAsync<GraphLoadException>(async () =>
            await graphs.RentAsync(request, TestContext.Current.CancellationToken)
        );

        var problem = Problems.Of(failure, "prices")!;

        Assert.Equal((500, "model-broken"), (problem.Status, problem.Type));
        Assert.DoesNotContain("hush", problem.Detail, StringComparison.Ordinal);
        Assert.InRange(problem.RetryAfter!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Of_WrongInputs_NamesEachPath()
    {
        var failure = new InvalidInputsException([new("inputs.a", "It is wrong."), new("inputs.b[1]", "That too.")]);

        var problem = Problems.Of(failure, "prices")!;

        Assert.Equal((400, "invalid-inputs"), (problem.Status, problem.Type));
        Assert.Equal([("inputs.a", "It is wrong."), ("inputs.b[1]", "That too.")], problem.Errors);
    }

    [Theory]
    [InlineData(413, "too-large")]
    [InlineData(408, "bad-request")]
    [InlineData(400, "bad-request")]
    public void Of_RequestThatCannotBeRead_KeepsItsStatus(int status, string type)
    {
        var problem = Problems.Of(new BadHttpRequestException("It stopped.", status), "prices")!;

        Assert.Equal((status, type), (problem.Status, problem.Type));
    }

    [Fact]
    public void Of_FailureThatNobodyForesaw_IsNone()
    {
        Assert.Null(Problems.Of(new InvalidOperationException(Secret), "prices"));
        // From the depths of the server it would not be the caller's fault.
        Assert.Null(Problems.Of(new JsonException(Secret), "prices"));
    }

    private static OriginException Origin(OriginFailure failure) =>
        new(failure, Secret, Secret, new IOException(Secret));

    private static EntryKey Key(string name) =>
        EntryKey.Of(
            new System.Text.Json.Nodes.JsonObject
            {
                ["kind"] = "test",
                ["version"] = 1,
                ["name"] = name,
            }
        );
}
