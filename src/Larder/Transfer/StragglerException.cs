using System.Globalization;

namespace Larder.Transfer;

/// <summary>A connection lags so far behind the others that what is left of its part is asked for again.</summary>
internal sealed class StragglerException(double othersBytesPerSecond)
    : Exception(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The other connections have {othersBytesPerSecond:0} bytes a second, and this one less than a tenth."
        )
    );
