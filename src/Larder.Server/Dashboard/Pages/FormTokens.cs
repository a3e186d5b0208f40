using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Larder.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Tells forms of our own pages from those that another site has a browser send.</summary>
/// <remarks>
/// A form carries a signature over the hour and who is looking, which other sites cannot read. The key lives as long as the
/// process: a page from before a restart is answered with the question asked anew.
/// </remarks>
internal sealed class FormTokens(TimeProvider timeProvider)
{
    /// <summary>The name of the field.</summary>
    public const string Field = "form";

    // A page may lie open over a working day.
    private const int Hours = 12;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The signature of the forms of a page; the same for an hour, so that pages that show the same are the same.</summary>
    public string Create(Caller caller) => Sign(caller, HourNow);

    /// <summary>Whether a form came from one of our pages, which was made for this caller not too long ago.</summary>
    public bool IsOurs(HttpContext context, Caller caller, string? token) =>
        !WebOrigins.IsForeign(context.Request)
        && token is not null
        && Enumerable
            .Range(0, Hours)
            .Any(age =>
                CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(Sign(caller, HourNow - age)),
                    Encoding.UTF8.GetBytes(token)
                )
            );

    private long HourNow => timeProvider.GetUtcNow().UtcTicks / TimeSpan.TicksPerHour;

    private string Sign(Caller caller, long hour)
    {
        Span<byte> text = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(text, hour);
        byte[] message = [.. text, .. Encoding.UTF8.GetBytes($"{caller.Kind} {caller.Name}")];
        return Base64Url.EncodeToString(HMACSHA256.HashData(_key, message));
    }
}
