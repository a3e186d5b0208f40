namespace Larder.Recordings.Tests.Proxies;

/// <summary>Calls that differ in what only types tell.</summary>
public sealed class DistinctRequestTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Call_NormalizedArgumentsOfTwoTypes_AreTwoRequests()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var painter = recordings.Wrap<IPainter>(new Painter());

        Assert.Equal("Circle", await painter.PaintAsync(new Circle(1)));
        Assert.Equal("Square", await painter.PaintAsync(new Square(1)));
    }

    [Fact]
    public async Task Call_OneServiceOfTwoGenericInterfaces_IsAskedTwoRequests()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var both = new Both();

        Assert.Equal("Circle", await recordings.Wrap<INames<Circle>>(both).NameAsync("x"));
        Assert.Equal("Square", await recordings.Wrap<INames<Square>>(both).NameAsync("x"));
    }

    [Fact]
    public async Task Call_InterfaceThatInheritsAGenericOneTwice_IsAskedTwoRequests()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var both = recordings.Wrap<INamesBoth>(new Both());

        Assert.Equal("Circle", await ((INames<Circle>)both).NameAsync("x"));
        Assert.Equal("Square", await ((INames<Square>)both).NameAsync("x"));
    }

    [Theory]
    [InlineData(typeof(ILoadsWithAnAnswer))]
    [InlineData(typeof(ILoadsWithAProperty))]
    public void Wrap_MethodThatIsNotNeededAndAnswers_IsRefused(Type contract)
    {
        using var recordings = _room.Open(RecordingMode.Record);

        var refused = Assert.Throws<NotRecordableException>(() => recordings.Desk.PlanOf(contract, service: null));

        Assert.Contains("Load", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_ServiceThatIsMadeOnDemand_IsNotMadeAgain()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var made = new List<Painter>();
        var painter = recordings.Wrap<IPainter>(() => Made(), new Deployment("Painter"));
        await painter.PaintAsync(new Circle(1));

        await ((IAsyncDisposable)painter).DisposeAsync();

        await painter.PaintAsync(new Circle(2));
        Assert.Single(made);

        var late = recordings.Wrap<IPainter>(() => Made(), new Deployment("Painter"));
        await ((IAsyncDisposable)late).DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late.PaintAsync(new Circle(3)));
        Assert.Single(made);

        Painter Made()
        {
            made.Add(new Painter());
            return made[^1];
        }
    }

    public abstract record Shape(int Size);

    public sealed record Circle(int Size) : Shape(Size);

    public sealed record Square(int Size) : Shape(Size);

    public sealed class AsItIs : IRequestNormalizer
    {
        public object? Normalize(object? value) => value;
    }

    public interface IPainter
    {
        [TestCache]
        Task<string> PaintAsync([NormalizedBy(typeof(AsItIs))] Shape shape);
    }

    public sealed class Painter : IPainter
    {
        public Task<string> PaintAsync(Shape shape) => Task.FromResult(shape.GetType().Name);
    }

    public interface INames<T>
    {
        [TestCache]
        Task<string> NameAsync(string text);
    }

    public interface INamesBoth : INames<Circle>, INames<Square>;

    public sealed class Both : INamesBoth
    {
        Task<string> INames<Circle>.NameAsync(string text) => Task.FromResult(nameof(Circle));

        Task<string> INames<Square>.NameAsync(string text) => Task.FromResult(nameof(Square));
    }

    public interface ILoadsWithAnAnswer
    {
        [NotNeededInReplay]
        Task<bool> LoadAsync();

        [TestCache]
        Task<int> CountAsync(string text);
    }

    public interface ILoadsWithAProperty
    {
        bool IsLoaded { [NotNeededInReplay] get; }

        [TestCache]
        Task<int> CountAsync(string text);
    }
}
