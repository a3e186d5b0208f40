namespace Larder.Content;

/// <summary>What becomes of an integer whose digits the canonical form would change.</summary>
internal enum IntegerRule
{
    /// <summary>It is rounded to the nearest double, as RFC 8785 says.</summary>
    Round,

    /// <summary>It is refused: in a key, two different integers would become one.</summary>
    Refuse,
}
