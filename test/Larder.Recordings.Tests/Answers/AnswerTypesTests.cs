using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace Larder.Recordings.Tests.Answers;

public sealed class AnswerTypesTests
{
    [Fact]
    public void Require_WhatComesBack_Passes()
    {
        var forms = new Forms();
        forms.Require<int>();
        forms.Require<string>();
        forms.Require<object>();
        forms.Require<(int, string?)>();
        forms.Require<Dictionary<Guid, List<double[]>>>();
        forms.Require<IReadOnlyDictionary<string, object?>>();
        forms.Require<Stream>();
        forms.Require<float[,,]>();
        forms.Require<JsonNode>();
        forms.Require<Tree>();
        forms.Require<RecordedImage>();
        forms.Require<DayOfWeek?>();
        forms.Require<Uri>();
        forms.Require<IEnumerable<string>>();
    }

    public static TheoryData<Type, string, string> Refused =>
        new()
        {
            { typeof(Action), "$", "code" },
            { typeof(Holder<Func<int>>), "$.Value", "code" },
            { typeof(List<Holder<Type>>), "$[*].Value", "program" },
            { typeof(nint), "$", "handle" },
            { typeof(Dictionary<string, Task<int>>), "$[*]", "await" },
            { typeof(Task), "$", "await" },
            { typeof(ValueTask<int>), "$", "await" },
            { typeof(Holder<IAsyncEnumerable<int>>), "$.Value", "await" },
            { typeof(Holder<Exception>), "$.Value", "exception" },
            { typeof(IDisposable), "$", "RecordingsOptions.Types" },
            { typeof(Holder<Abstract>), "$.Value", "RecordingsOptions.Types" },
            { typeof(TwoConstructors), "$", "constructor" },
            { typeof(OtherNames), "$", "constructor" },
            { typeof(Hidden), "$", "shows nothing" },
            { typeof(FileStream), "$", "declare Stream" },
            { typeof(Guid[,]), "$", "array of arrays" },
            { typeof(ReadOnlyCollection<int>), "$", "Forms" },
            { typeof(Dictionary<Tree, int>), "$", "name of a member" },
            { typeof(Page), "$", "beside its items" },
            { typeof(Span<int>), "$", "memory" },
            { typeof(int*), "$", "memory" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Require_WhatCannotComeBack_IsRefusedWithMethodPathAndReason(Type type, string path, string reason)
    {
        var forms = new Larder.Recordings.Answers.AnswerForms(
            new RecordingsOptions { Directory = "/r" },
            "/root",
            new Larder.Recordings.Requests.Redactor(new RedactionRules())
        );

        var failure = Assert.Throws<NotRecordableException>(() => forms.Require(type, "Service.Ask"));

        Assert.Equal("Service.Ask", failure.Place);
        Assert.StartsWith("Service.Ask cannot be recorded", failure.Message, StringComparison.Ordinal);
        Assert.Contains($" {path} is a ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_InterfaceWithANamedType_Passes() =>
        new Forms(options => options.Types.Add(typeof(Concrete))).Require<Holder<Abstract>>();

    [Fact]
    public void Require_NamedTypeThatCannotComeBack_IsRefused() =>
        Assert.Throws<NotRecordableException>(() =>
            new Forms(options => options.Types.Add(typeof(BadConcrete))).Require<Holder<Abstract>>()
        );

    [Fact]
    public void Require_Twice_SaysTheSameTwice()
    {
        var forms = new Forms();

        var first = Assert.Throws<NotRecordableException>(forms.Require<Action>);

        Assert.Equal(first.Message, Assert.Throws<NotRecordableException>(forms.Require<Action>).Message);
    }

    public sealed record Holder<T>(T Value);

    public sealed record Tree(string Name, List<Tree> Children);

    public abstract class Abstract;

    public sealed class Concrete : Abstract
    {
        public int Value { get; set; }
    }

    public sealed class BadConcrete : Abstract
    {
        public Action? Act { get; set; }
    }

    public sealed class TwoConstructors
    {
        public TwoConstructors(int value) => Value = value;

        public TwoConstructors(string value) => Value = value.Length;

        public int Value { get; }
    }

    public sealed class OtherNames(int other)
    {
        public int Value { get; } = other;
    }

    public sealed class Hidden
    {
        private int _count;

        public int Next() => ++_count;
    }

    public sealed class Page : List<string>
    {
        public string? Continuation { get; set; }
    }
}
