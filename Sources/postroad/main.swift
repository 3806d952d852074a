print("postroad")
