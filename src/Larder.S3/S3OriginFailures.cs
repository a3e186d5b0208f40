using System.Globalization;
using Amazon.Runtime;
using Larder.Origins;

namespace Larder.S3;

/// <summary>What failures mean to who pulls.</summary>
internal sealed class S3OriginFailures(ModelReference reference, S3Location location, S3Connection connection)
    : IS3Failures
{
    public Exception Answered(AmazonServiceException failure) =>
        S3Failures.Of(reference, location, connection, failure);

    public Exception NoAnswer(Exception failure) => S3Failures.NoAnswer(reference, connection, failure);

    public Exception NoAnswerIn(TimeSpan timeout) =>
        S3Failures.Unavailable(
            reference,
            string.Create(
                CultureInfo.InvariantCulture,
                $"no answer from {connection.Place} within {timeout.TotalSeconds} s"
            )
        );

    public Exception NoCredentials(Exception failure) => S3Failures.NoCredentials(reference, failure);
}
