namespace Larder.Onnx.Loras;

/// <summary>The change of one weight by a LoRA: <c>scale · B · A</c>.</summary>
/// <param name="Weight">The name of the weight.</param>
/// <param name="A">[rank, columns].</param>
/// <param name="B">[rows, rank].</param>
/// <param name="Scale">The LoRA's alpha divided by its rank.</param>
internal sealed record LoraPair(string Weight, SafetensorsTensor A, SafetensorsTensor B, double Scale)
{
    public long Rank => A.Shape[0];

    /// <summary>The weight's first size.</summary>
    public long Rows => B.Shape[0];

    /// <summary>The product of the weight's other sizes.</summary>
    public long Columns => A.Shape[1];
}
