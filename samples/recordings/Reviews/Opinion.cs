namespace Reviews;

/// <summary>What a text says.</summary>
/// <param name="Label"><c>positive</c> or <c>negative</c>.</param>
/// <param name="Score">From 0, complaint, to 1, praise; four digits after the point, the same on every processor.</param>
public sealed record Opinion(string Label, double Score);
