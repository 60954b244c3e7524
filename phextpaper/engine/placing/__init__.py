"""placing"""
