using FsCheck;
using FsCheck.Fluent;
using Larder.Recordings.Answers.Comparison;

namespace Larder.Recordings.Tests.Answers.Comparison;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("a", "", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("abc", "xyz", 3)]
    public void AtMost_EnoughLimit_CountsEdits(string left, string right, int edits) =>
        Assert.Equal(edits, EditDistance.AtMost(left, right, 10));

    [Fact]
    public void AtMost_AnyTexts_IsTheTextbooksNumberUpToTheLimit() =>
        Prop.ForAll(
                Gen.Elements("a", "b", "c").ListOf().Select(string.Concat).Three().ToArbitrary(),
                texts =>
                    Enumerable
                        .Range(0, 8)
                        .All(limit =>
                            EditDistance.AtMost(texts.Item1, texts.Item2, limit)
                            == Math.Min(Textbook(texts.Item1, texts.Item2), limit + 1)
                        )
            )
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500));

    private static int Textbook(string left, string right)
    {
        var all = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        for (var j = 0; j <= right.Length; j++)
        {
            if (i == 0 || j == 0)
                all[i, j] = i + j;
            else
                all[i, j] = Math.Min(
                    all[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1),
                    Math.Min(all[i - 1, j], all[i, j - 1]) + 1
                );
        }
        return all[left.Length, right.Length];
    }
}
