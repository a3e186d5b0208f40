using Larder.Recordings.Answers;

namespace Larder.Recordings.Tests.Answers;

public sealed class TypeNameTests
{
    public static TheoryData<Type, string> Names =>
        new()
        {
            { typeof(int), "System.Int32" },
            { typeof(void), "void" },
            { typeof(int?), "System.Int32?" },
            { typeof(List<string>), "System.Collections.Generic.List<System.String>" },
            {
                typeof(Dictionary<string, int[]>),
                "System.Collections.Generic.Dictionary<System.String, System.Int32[]>"
            },
            { typeof(int[][,]), "System.Int32[][,]" },
            { typeof((int, string)), "System.ValueTuple<System.Int32, System.String>" },
            {
                typeof(Outer<int>.Inner<string>),
                "Larder.Recordings.Tests.Answers.TypeNameTests.Outer<System.Int32>.Inner<System.String>"
            },
            { typeof(Outer<int>.Plain), "Larder.Recordings.Tests.Answers.TypeNameTests.Outer<System.Int32>.Plain" },
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_AnyType_IsItsFullNameInCSharp(Type type, string name) =>
        Assert.Equal(name, AnswerForms.NameOf(type));

    public sealed class Outer<T>
    {
        public sealed class Inner<TInner>;

        public sealed class Plain;
    }
}
