using FsCheck;
using FsCheck.Fluent;

namespace Larder.Recordings.Tests.Answers;

/// <summary>Claims about all answers; a failure shows the answer and the seed.</summary>
public sealed class AnswerPropertyTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300);

    private readonly Forms _forms = new();

    [Fact]
    public void Write_AnyDouble_ComesBackToTheLastBit() =>
        Holds<double>(value =>
            double.IsNaN(value)
                ? double.IsNaN(_forms.Back(value))
                : BitConverter.DoubleToInt64Bits(_forms.Back(value)) == BitConverter.DoubleToInt64Bits(value)
        );

    [Fact]
    public void Write_AnyFloats_ComeBackToTheLastBit() =>
        Holds<int[]>(bits =>
        {
            float[] row = [.. bits.Select(BitConverter.Int32BitsToSingle)];
            return _forms.Back(row).Select(BitConverter.SingleToInt32Bits).SequenceEqual(bits);
        });

    [Fact]
    public void Write_AnyBytes_ComeBack() => Holds<byte[]>(bytes => _forms.Back(bytes).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Write_AnyText_ComesBackOrIsRefused() =>
        Holds<string?>(text =>
        {
            try
            {
                return _forms.Back(text) == text;
            }
            catch (NotRecordableException)
            {
                return text!.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);
            }
        });

    [Fact]
    public void Write_AnyTextThatMayBeAPath_ComesBack() =>
        Prop.ForAll(
                Gen.Elements("$", "{root}", "/", Forms.Root, "a", "${root}", "$$").ListOf().ToArbitrary(),
                parts => _forms.Back(string.Concat(parts)) == string.Concat(parts)
            )
            .Check(Config);

    [Fact]
    public void Write_AnyObjects_ComeBackAsTheyWere() =>
        Prop.ForAll(
                Objects(3).ToArbitrary(),
                value =>
                {
                    var back = _forms.Back<object?>(value);
                    return Equals(back?.GetType(), value?.GetType()) && _forms.Write(back) == _forms.Write(value);
                }
            )
            .Check(Config);

    [Fact]
    public void Write_AnyDecimal_KeepsItsScale() =>
        Holds<decimal>(value => decimal.GetBits(_forms.Back(value)).SequenceEqual(decimal.GetBits(value)));

    private static Gen<object?> Objects(int depth)
    {
        var plain = Gen.OneOf(
            Gen.Constant<object?>(null),
            ArbMap.Default.GeneratorFor<int>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<long>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<double>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<decimal>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<bool>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<Guid>().Select(value => (object?)value),
            Gen.Elements<object?>("", "exception", "$type", "${root}/a", "ü", "null")
        );
        if (depth == 0)
            return plain;
        var inner = Objects(depth - 1);
        return Gen.OneOf(
            plain,
            inner.ListOf().Select(items => (object?)new List<object?>(items)),
            inner.ArrayOf().Select(items => (object?)items),
            inner
                .ListOf()
                .Select(items =>
                    (object?)items.Select((item, i) => (item, i)).ToDictionary(x => $"$type{x.i}", x => x.item)
                )
        );
    }

    private static void Holds<T>(Func<T, bool> claim) => Prop.ForAll(claim).Check(Config);
}
