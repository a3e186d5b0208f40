using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Says what the SDK's failures mean to who asked.</summary>
internal interface IS3Failures
{
    /// <summary>The server answered that it will not; or the SDK wrapped so that there was no answer.</summary>
    Exception Answered(AmazonServiceException failure);

    /// <summary>No answer came that can be read.</summary>
    Exception NoAnswer(Exception failure);

    /// <summary>No answer came in time.</summary>
    Exception NoAnswerIn(TimeSpan timeout);

    /// <summary>Nothing was sent.</summary>
    Exception NoCredentials(Exception failure);
}
