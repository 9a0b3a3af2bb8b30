#import "Person.h"
#import <UIKit/UIKit.h>
@import CoreData;

static NSString *const kName = @"name";

@interface Person () <NSCopying>
@property (nonatomic, strong) NSArray<NSString *> *names;
@property (readonly) NSInteger age NS_AVAILABLE(10_0, 4_0);
@end

@implementation Person {
    NSMutableArray *_items;
@private
    int _count;
}

@synthesize names = _names;

/// Makes one.
+ (instancetype)personWithName:(NSString *)name age:(NSInteger)age
{
    return [[self alloc] init];
}

- (void)dealloc { [_items removeAllObjects]; }

static int helper(int a) { return a; }

- (NSString *)description {
    return @"{";
}

@end

int main(int argc, char *argv[]) { @autoreleasepool { return 0; } }
