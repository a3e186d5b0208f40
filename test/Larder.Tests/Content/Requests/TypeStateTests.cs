using System.Collections.Immutable;
using Larder.Content.Requests;

namespace Larder.Tests.Content.Requests;

public sealed class TypeStateTests
{
    [Theory]
    [InlineData(typeof(AllTheWayDown), true)]
    [InlineData(typeof(Settable), false)]
    [InlineData(typeof(WithList), false)]
    [InlineData(typeof(Open), false)]
    [InlineData(typeof(Opened), true)]
    [InlineData(typeof(WithOpen), false)]
    [InlineData(typeof(Computing), false)]
    [InlineData(typeof(WithArray), false)]
    public void IsImmutable_Type_IsWhatItsFieldsSay(Type type, bool expected) =>
        Assert.Equal(expected, new TypeState(Written.Rules).IsImmutable(type));

    [Theory]
    [InlineData(typeof(AllTheWayDown), null)]
    [InlineData(typeof(Hiding), "_steps")]
    [InlineData(typeof(HidingWhatDoesNotMatter), null)]
    public void FindHidden_Type_IsTheFieldThatNoPropertyShows(Type type, string? expected) =>
        Assert.Equal(expected, new TypeState(Written.Rules).FindHidden(type)?.Name);

    [Fact]
    public void FindHidden_AnonymousType_IsByTheRules()
    {
        var type = new { Steps = 1 }.GetType();

        Assert.NotNull(new TypeState(Written.Rules).FindHidden(type));
        Assert.Null(
            new TypeState(
                new ValueRules("call", "answer", typeof(IgnoredAttribute)) { ReadsAnonymousTypes = true }
            ).FindHidden(type)
        );
    }

    private sealed record AllTheWayDown(int A, string B, ImmutableArray<int> C, Uri? D, Inner E)
    {
        public DateTimeOffset? At { get; init; }

        [Ignored]
        public object? Tag { get; set; }
    }

    private sealed record Inner(int Value);

    private sealed class Settable
    {
        public int Steps { get; set; }
    }

    private sealed record WithList(List<int> Items);

    private sealed record WithArray(int[] Items);

    private record Open(int Steps);

    private sealed record Opened(int Steps) : Open(Steps);

    private sealed record WithOpen(Open Inner);

    private sealed record Computing(int Steps)
    {
        public int Now => Steps + Environment.CurrentManagedThreadId;
    }

    private sealed class Hiding(int steps)
    {
        private readonly int _steps = steps;

        public int Twice => 2 * _steps;
    }

    private sealed class HidingWhatDoesNotMatter(int steps)
    {
        [Ignored]
        private readonly int _steps = steps;

        public int Twice => 2 * _steps;
    }
}
