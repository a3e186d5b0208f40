using FsCheck;
using FsCheck.Fluent;

namespace Larder.Tests;

/// <summary>Claims about all values of a type, tried on random ones; a failure shows the smallest and the seed.</summary>
internal static class Property
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300);

    public static void Holds<T>(Func<T, bool> claim) => Prop.ForAll(claim).Check(Config);

    public static void Holds<T1, T2>(Func<T1, T2, bool> claim) => Prop.ForAll(claim).Check(Config);

    public static void Holds<T>(Gen<T> values, Func<T, bool> claim) =>
        Prop.ForAll(values.ToArbitrary(), claim).Check(Config);
}
