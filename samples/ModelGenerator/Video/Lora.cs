using System.Globalization;

namespace ModelGenerator.Video;

/// <summary>A change of one initializer of the denoiser, as the product of two small matrices: <c>B · A</c>.</summary>
/// <param name="Name">The file's name, without its extension.</param>
/// <param name="Target">The initializer.</param>
/// <param name="About">What it does, in a sentence.</param>
/// <param name="B">[first size of the initializer, rank].</param>
/// <param name="A">[rank, product of the initializer's other sizes].</param>
internal sealed record Lora(string Name, string Target, string About, float[,] B, float[,] A)
{
    internal int Rank => A.GetLength(0);

    /// <summary>The file: <c>TARGET.lora_A</c> and <c>TARGET.lora_B</c>. With alpha equal to the rank nothing is scaled.</summary>
    internal byte[] ToSafetensors() =>
        Safetensors.Write(
            [Tensor("lora_A", A), Tensor("lora_B", B)],
            [
                ("about", About),
                ("alpha", Rank.ToString(CultureInfo.InvariantCulture)),
                ("rank", Rank.ToString(CultureInfo.InvariantCulture)),
                ("target", Target),
            ]
        );

    private (string, long[], float[]) Tensor(string part, float[,] values) =>
        ($"{Target}.{part}", [values.GetLength(0), values.GetLength(1)], [.. values.Cast<float>()]);
}
