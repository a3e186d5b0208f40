using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Larder.Server.Tests.Access;

/// <summary>Certificates that are made for a test, valid for a day.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Create(string name, X509Certificate2? issuer = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
            return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        using var certificate = request.Create(
            issuer,
            now.AddHours(-1),
            now.AddHours(12),
            RandomNumberGenerator.GetBytes(8)
        );
        return certificate.CopyWithPrivateKey(key);
    }

    public static string KeyPem(this X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public static string EncryptedKeyPem(this X509Certificate2 certificate, string password) =>
        certificate
            .GetECDsaPrivateKey()!
            .ExportEncryptedPkcs8PrivateKeyPem(
                password,
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)
            );
}
